// <form data-passkey="create|get">: before it is sent, the browser makes or uses a passkey, whose answer goes
// into the hidden field `credential`. The options come from the JSON element whose id is in data-options, or
// are fetched from data-address when the button is pressed. Bytes travel as base64url.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const named = (list) => (list ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

async function create(options, alone) {
  const selection = { ...options.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
      authenticatorSelection: selection,
    },
  });
}

async function get(options) {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: named(options.allowCredentials),
    },
  });
}

function told(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = text(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
}

async function optionsOf(form) {
  const element = document.getElementById(form.dataset.options);
  if (element) return JSON.parse(element.textContent).publicKey;
  const response = await fetch(form.dataset.address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return (await response.json()).request_options.publicKey;
}

async function ask(form) {
  const options = await optionsOf(form);
  const alone = form.elements.passwordless?.checked ?? false;
  return form.dataset.passkey === "create" ? create(options, alone) : get(options);
}

const OUTCOMES = { InvalidStateError: "known", SecurityError: "address" };

function show(form, outcome) {
  for (const line of form.querySelectorAll("[data-outcome]")) line.hidden = line.dataset.outcome !== outcome;
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  show(form, "");
  if (!window.isSecureContext) return show(form, "address");
  if (!window.PublicKeyCredential) return show(form, "unknown");
  try {
    form.elements.credential.value = JSON.stringify(told(await ask(form)));
  } catch (error) {
    return show(form, OUTCOMES[error.name] ?? "failed");
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", send);
}
