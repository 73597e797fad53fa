/* Passkeys: the browser makes one or uses one, and what it says goes to the server in the form's hidden field.
   `data-passkey` of a form is create, use or sign-in. webauthnJSON comes with django-allauth. */

const SUPPORTED = Boolean(window.webauthnJSON?.supported());

/** What the server asks of the passkey: on the page, or fetched where nobody is known yet. */
async function readOptions(form) {
  const onPage = document.getElementById("passkey-options");
  if (onPage) return JSON.parse(onPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

async function create(options) {
  const wanted = { ...options.creation_options };
  const choice = { residentKey: "preferred", userVerification: "preferred" };
  wanted.publicKey = { ...wanted.publicKey, authenticatorSelection: { ...wanted.publicKey.authenticatorSelection, ...choice } };
  delete wanted.publicKey.authenticatorSelection.requireResidentKey;
  return window.webauthnJSON.create(wanted);
}

async function ask(form) {
  const options = await readOptions(form);
  return form.dataset.passkey === "create" ? create(options) : window.webauthnJSON.get(options.request_options);
}

function part(form, name) {
  return form.querySelector(`[data-passkey-${name}]`) ?? document.querySelector(`[data-passkey-${name}]`);
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector("button[type=submit]");
  part(form, "failed").hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch {
    part(form, "failed").hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (SUPPORTED) {
    form.addEventListener("submit", submit);
  } else {
    form.querySelector("button[type=submit]").disabled = true;
    part(form, "missing").hidden = false;
  }
}
