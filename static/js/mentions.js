// What the list of mentions gains from JavaScript: select all of a page, see how many, and the keys.
import "./keys.js";

const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];
const boxes = () => all("input[name=chosen]");

function showSelection() {
  const scope = document.querySelector("#bulk [name=scope]");
  if (!scope) return;
  const chosen = boxes().filter((box) => box.checked).length;
  for (const head of all("[data-all-on-page]")) {
    head.hidden = false;
    head.checked = chosen > 0 && chosen === boxes().length;
    head.indeterminate = chosen > 0 && chosen < boxes().length;
  }
  for (const said of all("[data-selected]")) {
    said.hidden = scope.checked;
    said.textContent = said.dataset.text.replace("NUMBER", chosen.toLocaleString(document.documentElement.lang));
  }
}

// What came of it, and how to undo it, is said above the list: in sight wherever one has scrolled to.
function showMessage() {
  const said = document.getElementById("messages");
  if (said?.childElementCount && said.getBoundingClientRect().top < 0) said.classList.add("floating");
}

document.addEventListener("change", (event) => {
  const changed = event.target;
  if (changed.matches("[data-all-on-page]")) {
    const chosen = changed.checked;
    for (const box of boxes()) box.checked = chosen;
    if (!chosen) document.querySelector("#bulk [name=scope]").checked = false;
    // The head that had the focus has given its place to the bar, or the other way round.
    all("[data-all-on-page]").find((head) => head.offsetParent)?.focus();
  }
  if (changed.name === "scope" && changed.checked) for (const box of boxes()) box.checked = true;
  if (changed.name === "chosen" && !changed.checked) document.querySelector("#bulk [name=scope]").checked = false;
  showSelection();
});
document.addEventListener("htmx:load", showSelection);
// What was pressed is gone with the list: its place is the list's own, not the page's beginning.
document.addEventListener("htmx:afterSettle", (event) => {
  showMessage();
  if (document.activeElement !== document.body) return;
  const place = document.getElementById(event.detail.elt.id) ?? document.getElementById("list");
  place?.focus({ preventScroll: true });
});
showSelection();
