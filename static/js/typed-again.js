// A form that was sent after the session had ended leads to the page for signing in. What was typed, but for passwords and
// files, waits in this tab until then, and stands in the form again: for whoever typed it, as a till has many hands.
const store = "typed";
const note = document.getElementById("typed-again");
const isForSigningIn = /^\/account\/(login|2fa\/authenticate)\//.test(location.pathname);
const keeps = (field) => field.name && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type);
const isSwitch = (field) => field.type === "checkbox" || field.type === "radio";
const here = { path: location.pathname, reader: note.dataset.reader };
const place = (form) => [...document.forms].indexOf(form);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (isForSigningIn || event.defaultPrevented || form.method !== "post" || !form.closest("main")) return;
  const fields = [...form.elements].filter(keeps).map((field) => [field.name, field.value, field.checked]);
  if (fields.length) sessionStorage.setItem(store, JSON.stringify({ ...here, form: place(form), fields }));
});

function typeAgain({ form, fields }) {
  const controls = [...(document.forms[form]?.elements ?? [])].filter(keeps);
  for (const [name, value, checked] of fields) {
    const field = controls.find((each) => each.name === name && (!isSwitch(each) || each.value === value));
    if (!field) continue;
    if (isSwitch(field)) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    note.hidden = false;
  }
}

const kept = JSON.parse(sessionStorage.getItem(store) ?? "null");
if (kept && isForSigningIn) {
  sessionStorage.setItem(store, JSON.stringify({ ...kept, interrupted: true }));
} else if (kept) {
  sessionStorage.removeItem(store);
  if (kept.interrupted && kept.path === here.path && kept.reader === here.reader) typeAgain(kept);
}
