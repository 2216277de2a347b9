// Passkeys: a form asks our server what to sign, the browser signs it, and the form carries the answer.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const each = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.ask, { method: "POST", headers: { "X-CSRFToken": token } });
  if (answer.redirected) location.assign(answer.url);
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).publicKey;
}

async function create(form) {
  const wanted = await ask(form);
  const made = await navigator.credentials.create({
    publicKey: {
      ...wanted,
      challenge: bytes(wanted.challenge),
      user: { ...wanted.user, id: bytes(wanted.user.id) },
      excludeCredentials: each(wanted.excludeCredentials),
    },
  });
  return {
    clientDataJSON: letters(made.response.clientDataJSON),
    attestationObject: letters(made.response.attestationObject),
    made,
  };
}

async function get(form) {
  const wanted = await ask(form);
  const made = await navigator.credentials.get({
    publicKey: { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: each(wanted.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
  return {
    clientDataJSON: letters(clientDataJSON),
    authenticatorData: letters(authenticatorData),
    signature: letters(signature),
    userHandle: userHandle ? letters(userHandle) : null,
    made,
  };
}

async function send(event) {
  event.preventDefault();
  const form = event.target, said = form.querySelector("[role=alert]");
  said.hidden = true;
  try {
    const { made, ...response } = await (form.dataset.passkey === "create" ? create : get)(form);
    const whole = { id: made.id, rawId: letters(made.rawId), type: made.type, response, clientExtensionResults: {} };
    form.elements.answer.value = JSON.stringify(whole);
    form.submit();
  } catch {
    said.textContent = form.dataset.failed;
    said.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const box of document.querySelectorAll("[data-passkey-only]")) box.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
}
