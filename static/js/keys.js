// Keys for the list of mentions. They rest while somebody types, and for good where they are switched off.
import { keysAreOn } from "./key-switch.js";

const dialog = document.getElementById("keys");
const rows = () => [...document.querySelectorAll(".mention")];
let place = -1; // of the row where somebody is

function here() {
  const focused = rows().findIndex((row) => row.contains(document.activeElement));
  if (focused >= 0) place = focused;
  place = Math.min(place, rows().length - 1);
  return rows()[place];
}

function go(step) {
  here();
  place = Math.max(0, Math.min(place + step, rows().length - 1));
  rows()[place]?.focus();
}

// With rows selected, the button for all of them; else the one of the row.
function press(key) {
  const isSelected = document.querySelector("input[name=chosen]:checked") !== null;
  const scope = key === "u" ? document : isSelected && key !== "o" ? document.getElementById("bulk") : here();
  const button = scope?.querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function select() {
  here()?.querySelector("input[name=chosen]")?.click();
}

function openTags() {
  if (!document.querySelector("input[name=chosen]:checked")) select();
  const menu = document.querySelector("details[data-tags]");
  if (!menu?.offsetParent) return;
  menu.open = true;
  menu.querySelector("input[name=new_tag]").focus();
}

const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  x: select,
  t: openTags,
  "/": () => document.getElementById("q")?.focus(),
  "?": () => dialog.showModal(),
};

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || !dialog || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || isTyping(event.target)) return;
  const act = ACTS[event.key];
  if (act) act();
  if (act || ("aepn123uo".includes(event.key) && press(event.key))) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-close-keys]") || event.target === dialog) {
    event.preventDefault();
    dialog.close();
  }
});
