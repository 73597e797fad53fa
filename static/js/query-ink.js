// The colors of a query's text. The server cuts the text up; here the colored pieces lie behind the field, whose own
// letters are transparent. Until the server has read what was typed, the new letters take the color of their neighbors.
const field = document.querySelector("textarea[name=query]");
const check = document.getElementById("check");

const frame = document.createElement("div"), ink = document.createElement("div");
frame.className = "inked";
ink.className = "ink";
ink.setAttribute("aria-hidden", "true");
field.replaceWith(frame);
frame.append(ink, field);
check.classList.add("has-ink");

const piecesOf = (element) => [...element.children].map((piece) => [piece.textContent, piece.className]);
let pieces = [];

function draw() {
  ink.replaceChildren(...pieces.map(([text, part]) => {
    const piece = document.createElement("span");
    piece.className = part;
    piece.textContent = text;
    return piece;
  }));
  ink.append("\u200b"); // or a line that was just begun would have no height
}

// The pieces cut to a part of their text.
function cut(begin, end) {
  const found = [];
  let at = 0;
  for (const [text, part] of pieces) {
    const kept = text.slice(Math.max(begin - at, 0), Math.max(end - at, 0));
    if (kept) found.push([kept, part]);
    at += text.length;
  }
  return found;
}

function retype() {
  const before = pieces.map(([text]) => text).join(""), now = field.value;
  const shorter = Math.min(before.length, now.length);
  let first = 0, last = 0;
  while (first < shorter && before[first] === now[first]) first += 1;
  while (last < shorter - first && before.at(-1 - last) === now.at(-1 - last)) last += 1;
  const head = cut(0, first), tail = cut(before.length - last, before.length);
  const neighbor = head.at(-1) ?? tail[0] ?? ["", "q-word"];
  const typed = now.slice(first, now.length - last);
  pieces = [...head, ...(typed ? [[typed, neighbor[1] === "q-space" ? "q-word" : neighbor[1]]] : []), ...tail];
  draw();
}

// What the server has read counts only while the field still says it.
function take() {
  const read = check.querySelector("[data-ink]");
  if (read && read.textContent === field.value) {
    pieces = piecesOf(read);
    draw();
  } else {
    retype();
  }
}

field.addEventListener("input", retype);
check.addEventListener("htmx:afterSwap", () => queueMicrotask(take));
take();
