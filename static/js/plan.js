// The card "What it cost, what it earned" works itself out while one types. Without JavaScript its form asks the server.
const LANGUAGE = document.documentElement.lang || "en";

// As people write amounts: of two separators the last is the decimal one; one before exactly three digits groups.
export function readNumber(text) {
  const typed = text.replace(/[\s'’\u00a0\u202f]/g, "");
  if (!/^\d*(?:[.,]\d+)*[.,]?$/.test(typed) || !/\d/.test(typed)) return null;
  const last = Math.max(typed.lastIndexOf("."), typed.lastIndexOf(","));
  if (last < 0) return Number(typed);
  const separator = typed[last], after = typed.length - last - 1, before = typed.slice(0, last);
  const isAlone = !/[.,]/.test(before);
  const groups = (isAlone && after === 3 && /^[1-9]\d{0,2}$/.test(before)) || before.includes(separator);
  const whole = before.replace(/[.,]/g, "");
  return Number(groups ? whole + typed.slice(last + 1) : `${whole}.${typed.slice(last + 1)}`);
}

function money(amount, currency) {
  return new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, maximumFractionDigits: 0 }).format(amount);
}

function signedShare(share) {
  const said = new Intl.NumberFormat(LANGUAGE, { style: "percent", maximumFractionDigits: 0 }).format(Math.abs(share));
  return (share < 0 ? "−" : "+") + said;
}

function workOut(form) {
  const said = form.dataset;
  const figure = (name) => readNumber(form.elements[name].value);
  const margin = figure("margin");
  const cost = (figure("spent") ?? 0) + (figure("hours") ?? 0) * (figure("hour_cost") ?? 0) + Number(said.apiCost);
  const earned = margin === null ? null : (figure("revenue") ?? 0) * margin / 100;
  const left = earned === null ? null : earned - cost;
  const show = (name, text) => { form.querySelector(`[data-plan-${name}]`).textContent = text; };
  show("cost", money(cost, said.currency));
  show("earned", earned === null ? "–" : money(earned, said.currency));
  show("gain", left === null ? said.noMargin : cost ? signedShare(left / cost) : said.noCost);
  const text = left === null ? "" : left >= 0 ? said.left : said.short;
  show("left", text.replace("%(money)s", left === null ? "" : money(Math.abs(left), said.currency)));
}

for (const form of document.querySelectorAll("[data-plan]")) {
  form.addEventListener("input", () => workOut(form));
  form.addEventListener("submit", (event) => { event.preventDefault(); workOut(form); });
}
