// The query as words in lists. The text below is what the form sends; each change here asks the server for the text
// that says the same, and the server redraws these lists when the text was typed. Without JavaScript there is the text.
const face = document.querySelector("[data-query-words]");
const text = document.querySelector("textarea[name=query]");
const check = document.getElementById("check");

const listOf = (element) => element.closest("[data-words]");
const wordsIn = (list) => [...list.querySelectorAll("input[type=hidden]")].map((input) => input.value);
// Until the text says what the lists say, the form waits to be sent.
let changes = 0, sent = 0, answered = 0, isHeld = false;

function tell() {
  changes += 1;
  face.dispatchEvent(new CustomEvent("words-changed"));
}

function catchUp(until) {
  answered = until;
  if (answered !== changes || !isHeld) return;
  isHeld = false;
  text.form.requestSubmit();
}

face.addEventListener("htmx:beforeSend", () => { sent = changes; });
text.form.addEventListener("submit", (event) => {
  if (answered === changes) return;
  event.preventDefault();
  event.stopPropagation();
  isHeld = true;
});

function draw(list, word) {
  const token = document.getElementById("new-word").content.firstElementChild.cloneNode(true);
  const value = token.querySelector("input"), button = token.querySelector("button");
  token.classList.toggle("not", list.dataset.words === "none_of");
  token.querySelector("span").textContent = word;
  value.name = list.dataset.words;
  value.value = word;
  button.setAttribute("aria-label", button.dataset.label.replace("%(word)s", () => word));
  list.querySelector("input[type=text]").before(token);
}

function add(input) {
  const list = listOf(input), known = wordsIn(list);
  // A filter may list several values with commas; words are separated by them.
  const typed = list.dataset.words === "filters" ? input.value.split(/\s+/) : input.value.split(",");
  const words = typed.map((word) => word.trim()).filter((word) => word && !known.includes(word));
  input.value = "";
  for (const word of new Set(words)) draw(list, word);
  if (words.length) tell();
}

function remove(token) {
  const list = listOf(token);
  token.remove();
  list.querySelector("input[type=text]").focus();
  tell();
}

face.addEventListener("keydown", (event) => {
  const input = event.target.closest("input[type=text]");
  if (!input || event.isComposing) return;
  const isFilter = listOf(input).dataset.words === "filters";
  if (event.key === "Enter" || (event.key === "," && !isFilter)) {
    event.preventDefault();
    add(input);
  } else if (event.key === "Backspace" && !input.value) {
    const last = input.previousElementSibling;
    if (last) remove(last);
  }
});
face.addEventListener("focusout", (event) => { if (event.target.matches("input[type=text]")) add(event.target); });
face.addEventListener("click", (event) => {
  const button = event.target.closest(".token button");
  if (button) remove(button.closest(".token"));
  else if (event.target.matches(".tokens")) event.target.querySelector("input[type=text]").focus();
});

// What the server wrote goes into the text. Text that cannot be read leaves the lists as they were, and locked: a change
// in them would take the text's place.
check.addEventListener("htmx:afterSwap", () => {
  const reading = check.querySelector("[data-reading]");
  if (!reading) return;
  const written = reading.dataset.written;
  if (written !== undefined) text.value = written;
  catchUp(sent);
  face.disabled = written === undefined && "unreadable" in reading.dataset && text.value.trim() !== "";
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  face.addEventListener(name, () => { isHeld = false; answered = changes; });
}
face.hidden = false;
