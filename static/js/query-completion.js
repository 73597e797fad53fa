// Completing a query while it is typed. What may stand where somebody types comes with the server's reading of the text,
// as a list below the field: arrow keys choose, Enter or Tab takes, Escape closes. The field keeps the focus.
const field = document.querySelector("textarea[name=query]");
const said = document.getElementById("completions-said");
let chosen = -1;

const list = () => document.getElementById("completions");
const options = () => [...list().querySelectorAll("[role=option]")];
const isOpen = () => !list().hidden;

function choose(number) {
  chosen = number;
  options().forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
  const active = options()[chosen];
  if (active) {
    field.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function close() {
  list().hidden = true;
  said.textContent = "";
  choose(-1);
}

function take(option) {
  const { start, end } = list().dataset;
  const ends = option.dataset.text.endsWith(":") || option.dataset.text.endsWith("@") ? "" : " ";
  field.setRangeText(option.dataset.text + ends, Number(start), Number(end), "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

field.addEventListener("htmx:configRequest", (event) => {
  // Only where a word is being typed, not where one is put in the middle of it.
  const at = field.selectionEnd, next = field.value[at];
  if (document.activeElement === field && (next === undefined || /[\s()]/.test(next))) event.detail.parameters.at = at;
});
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id !== "completions" && event.target.id !== "completions") return;
  const isCurrent = document.activeElement === field && Number(list().dataset.end) === field.selectionEnd;
  if (!isCurrent || !options().length) {
    close();
    return;
  }
  list().hidden = false;
  said.textContent = list().dataset.said;
  choose(-1);
});
field.addEventListener("input", close);
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  if (!isOpen() || event.isComposing) return;
  const last = options().length - 1;
  if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : 0);
  else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : last);
  else if (event.key === "Escape") close();
  else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(options()[chosen]);
  else return;
  event.preventDefault();
});
// Before the field loses the focus, and the list with it.
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("#completions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option);
});
