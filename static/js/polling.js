// A part of a page that renews itself waits while somebody is using it: their focus, their selection and what they
// opened stay as they are.
function isInUse(part) {
  const selection = getSelection();
  const selects = !selection.isCollapsed && part.contains(selection.anchorNode);
  return selects || part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (part.matches("[data-renews-itself]") && isInUse(part)) event.detail.shouldSwap = false;
});
