// The counter without network: every tap gets its key here, waits in localStorage, and is sent once the server can be
// reached. A tap that was sent twice counts once, because the server knows the key.
const box = document.getElementById("counter");
const form = box.querySelector("form.counter");
const store = `counter:${box.dataset.name}`;
const find = (name) => box.querySelector(`[data-${name}]`);
let sending = false;

const read = () => JSON.parse(localStorage.getItem(store) ?? "[]");
const write = (taps) => localStorage.setItem(store, JSON.stringify(taps));
const drop = (key) => write(read().filter((tap) => tap.idempotency_key !== key));

// crypto.randomUUID needs https; a till in the shop's own network may have plain http.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function showQueue() {
  const taps = read();
  find("queue").hidden = taps.length === 0;
  find("queue-text").textContent = `${box.dataset.waiting} ${taps.length}.`;
  find("queue-why").textContent = box.dataset.waitingWhy;
}

function showProblem(text) {
  find("problem").hidden = !text;
  find("problem-text").textContent = text;
}

async function post(address, fields) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return fetch(address, { method: "POST", body: new URLSearchParams(fields), headers, credentials: "same-origin", redirect: "manual" });
}

// Signing in again changes the token; the page in the phone's hand still has the old one.
async function renewToken() {
  const page = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
  if (!page.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form.counter");
  if (!fresh || fresh.elements.csrfmiddlewaretoken.value === form.elements.csrfmiddlewaretoken.value) return false;
  form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
  return true;
}

async function postWithToken(address, fields) {
  const answer = await post(address, fields);
  return answer.status === 403 && (await renewToken()) ? post(address, fields) : answer;
}

const showState = async (answer) => { document.getElementById("counter-state").innerHTML = (await answer.json()).state; };

// True when the next tap may be sent.
async function send(tap) {
  const { tapped, ...fields } = tap;
  const seconds = Math.max(0, Math.round((Date.now() - tapped) / 1000));
  const answer = await postWithToken(location.pathname, { ...fields, seconds_ago: seconds });
  if (answer.ok) {
    await showState(answer);
  } else if (answer.status === 422) {
    showProblem(`${box.dataset.refused} ${(await answer.json()).errors.join(" ")}`);
  } else {
    showProblem(answer.type === "opaqueredirect" || answer.status === 403 ? box.dataset.signedOut : "");
    return false;
  }
  drop(tap.idempotency_key);
  return true;
}

async function sendAll() {
  if (sending || !navigator.onLine) { showQueue(); return; }
  sending = true;
  try {
    while (read().length && (await send(read()[0])));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a TypeError is how fetch says that there is no network
  } finally {
    sending = false;
    showQueue();
  }
}

// Nobody pays twice within half a second: that is a finger that bounced. Of a family at the door each tap counts.
const DOUBLE = 400; // milliseconds
let last = { kind: "", at: -Infinity };
function bounces(kind, at) {
  const again = kind !== "store_visit" && kind === last.kind && !form.elements.amount.value && at - last.at < DOUBLE;
  last = { kind, at };
  return again;
}

// Before forms.js, which would lock the buttons.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const kind = event.submitter?.value ?? "store_visit";
  if (bounces(kind, event.timeStamp)) return;
  const tap = { kind, amount: form.elements.amount.value,
    heard_of_us_from: form.elements.heard_of_us_from.value, idempotency_key: newKey(), tapped: Date.now() };
  write([...read(), tap]);
  form.elements.amount.value = "";
  form.querySelector("[name=heard_of_us_from][value='']").checked = true;
  navigator.vibrate?.(20);
  showProblem("");
  sendAll();
});

// The last tap on this phone, unless it is just on its way.
find("queue-undo").addEventListener("click", () => { write(read().slice(0, -1)); showQueue(); });

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-undo-form]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  try {
    const answer = await postWithToken(box.dataset.undo, new FormData(event.target));
    if (answer.ok) await showState(answer);
    else showProblem(box.dataset.signedOut);
  } catch {
    showProblem(box.dataset.waitingWhy);
  }
}, { capture: true });

addEventListener("online", sendAll);
document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });
setInterval(() => { if (read().length) sendAll(); }, 10_000);
showQueue();
sendAll();
