// Whether single keys act in this browser. A page must not react to single letters of whoever speaks to their computer
// (WCAG 2.1.4): wherever there are keys, [data-keys-choice] switches them off, for all pages that have some.
const SWITCH = "smedash-keys";

function readSwitch() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}
let areOn = readSwitch();

export const keysAreOn = () => areOn;

for (const choice of document.querySelectorAll("[data-keys-choice]")) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  box.checked = areOn;
  box.addEventListener("change", () => {
    areOn = box.checked;
    try {
      localStorage.setItem(SWITCH, areOn ? "on" : "off");
    } catch {
      // It holds for this page then.
    }
  });
}
