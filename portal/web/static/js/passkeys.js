// Passkeys: what a page's passkey button asks the browser for. Nothing here is needed by pages without one.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const coded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const listed = (credentials = []) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

function decoded({ user, ...options }) {
  options.challenge = bytes(options.challenge);
  if (user) return { ...options, user: { ...user, id: bytes(user.id) }, excludeCredentials: listed(options.excludeCredentials) };
  return { ...options, allowCredentials: listed(options.allowCredentials) };
}

// By hand: some password managers hand out credentials whose toJSON() fails.
function encoded({ id, rawId, type, authenticatorAttachment, response: said }) {
  const response = { clientDataJSON: coded(said.clientDataJSON), transports: said.getTransports?.() };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (said[part]) response[part] = coded(said[part]);
  }
  return { id, rawId: coded(rawId), type, authenticatorAttachment, response };
}

// Something to tell the person, in words.
class Told extends Error {}

async function post(place, url, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": place.querySelector("[name=csrf_token]").value };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body ?? {}) });
  if (answer.redirected) {
    // Signed out meanwhile, or it is time to confirm who one is: that comes first.
    location.assign(`${new URL(answer.url).pathname}?next=${encodeURIComponent(location.pathname + location.search)}`);
    return new Promise(() => {});
  }
  const said = await answer.json();
  if (!answer.ok) throw new Told(said.sentence);
  return said;
}

async function ask(place, more) {
  const publicKey = decoded(await post(place, place.dataset.begin));
  return navigator.credentials[place.dataset.passkey]({ publicKey, ...more });
}

async function answer(place, credential) {
  const { go } = await post(place, place.dataset.finish, encoded(credential));
  location.assign(go);
}

const words = (place, error) => {
  if (error instanceof Told) return error.message;
  return { NotAllowedError: place.dataset.closed, InvalidStateError: place.dataset.known }[error.name] ?? place.dataset.trouble;
};
function tell(place, text = "") {
  const box = place.querySelector("[role=alert]");
  box.hidden = !text;
  box.querySelector("p").textContent = text;
}

// In the list under the user name: waits there until somebody chooses one, and makes way for the button.
let waiting;
async function offer(place) {
  waiting = new AbortController();
  const { signal } = waiting;
  let credential;
  try {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    credential = await ask(place, { mediation: "conditional", signal });
  } catch {
    return; // nobody has asked for anything yet
  }
  await answer(place, credential).catch((error) => tell(place, words(place, error)));
}

async function press(place, button) {
  waiting?.abort();
  button.disabled = true;
  tell(place);
  try {
    return await answer(place, await ask(place));
  } catch (error) {
    tell(place, words(place, error));
  }
  button.disabled = false;
  button.focus();
  if ("offered" in place.dataset) offer(place);
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    place.hidden = true;
    continue;
  }
  place.querySelector("button").addEventListener("click", (event) => press(place, event.currentTarget));
  if ("offered" in place.dataset) offer(place);
}
