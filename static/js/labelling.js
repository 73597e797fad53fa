// Keys for whoever judges one mention after the other: each button names its own.
import { keysAreOn } from "./key-switch.js";

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const button = document.querySelector(`#labelling [data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
