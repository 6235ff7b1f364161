// Passkeys: a form that stands for one is hidden until there is this script and a browser that can.
// Sent, it first fetches the options of its ceremony, has the browser answer, and takes the answer along.

/** Options are good for five minutes: the offer in the field is renewed before. */
const OFFER_MS = 4 * 60 * 1000;

const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What the server wrote as text, as the browser wants it. */
function understood({ challenge, user, allowCredentials, excludeCredentials, ...rest }) {
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: fromText(key.id) }));
  const options = { ...rest, challenge: fromText(challenge) };
  return user
    ? { ...options, user: { ...user, id: fromText(user.id) }, excludeCredentials: keys(excludeCredentials) }
    : { ...options, allowCredentials: keys(allowCredentials) };
}

/** What the browser answered, as text. */
function told({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return JSON.stringify({ id, rawId: toText(rawId), type, response: Object.fromEntries(given), extensions: {} });
}

async function begin(form) {
  const begun = await fetch(`${form.action}/options`, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!begun.ok) throw new Error(String(begun.status));
  return begun.json();
}

/** From the options to the form that carries the answer. */
async function go(form, { ceremony, options }, how) {
  const publicKey = understood(options.publicKey);
  const credential = publicKey.user
    ? await navigator.credentials.create({ publicKey, ...how })
    : await navigator.credentials.get({ publicKey, ...how });
  form.elements.ceremony.value = ceremony;
  form.elements.answer.value = told(credential);
  form.submit();
}

/** The offer in the field for the login; over once somebody has pressed the button. */
let offer = new AbortController();

async function onSubmit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const [button, failure] = [form.querySelector("button"), form.querySelector("[data-passkey-failure]")];
  offer.abort();
  failure.hidden = true;
  button.disabled = true;
  try {
    await go(form, await begin(form));
  } catch {
    failure.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

async function offerInField(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  while (!offer.signal.aborted) {
    const { signal } = offer;
    const timer = setTimeout(renewOffer, OFFER_MS);
    try {
      await go(form, await begin(form), { mediation: "conditional", signal });
      return;
    } catch {
      if (signal === offer.signal) return;
    } finally {
      clearTimeout(timer);
    }
  }
}

function renewOffer() {
  const old = offer;
  offer = new AbortController();
  old.abort();
}

if (globalThis.PublicKeyCredential && navigator.credentials) {
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", onSubmit);
    // Not after an answer that was refused: a client that answers by itself would go round in circles.
    if (form.dataset.passkey === "offer") offerInField(form);
  }
}
