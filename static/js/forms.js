// What forms gain from a browser with JavaScript; all of them work without it.
function guessTimeZones(scope) {
  const selects = scope.querySelectorAll("select[data-guess-time-zone]");
  if (!selects.length) return; // to ask for the zone is slow
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const select of selects) {
    const known = [...select.options].some((option) => option.value === zone);
    if (known && (!select.value || select.value === "UTC")) select.value = zone;
  }
  guessCurrency(scope, zone);
}

// Whoever begins a business pays with what is usual where their clock hangs: each entry is a currency, then its zones.
function guessCurrency(scope, zone) {
  const form = scope.querySelector("[data-usual-currencies]");
  const entries = form?.dataset.usualCurrencies.split(";").map((entry) => entry.split(" ")) ?? [];
  const entry = entries.find(([, ...zones]) => zones.includes(zone));
  if (entry) form.querySelector("select[name=currency]").value = entry[0];
  delete form?.dataset.usualCurrencies; // proposed once: asked again, it would take the place of what was chosen
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.querySelector("[data-label]").textContent = button.dataset.done;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
// A second click on "Save" must not save twice.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.target.dataset.sent) return;
  event.target.dataset.sent = "yes";
  setTimeout(() => event.target.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = true; }));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = false; });
  }
});
// Changing a filter applies it; without JavaScript the form has its own button.
document.addEventListener("change", (event) => event.target.closest("form[data-submit-on-change]")?.requestSubmit());
document.addEventListener("htmx:load", (event) => guessTimeZones(event.detail.elt));
guessTimeZones(document);
