// form[data-passkey="create" or "get"]: asks the device for a passkey and puts its answer into the hidden `credential`.
// The server's options stand in data-options, or are fetched from data-options-url.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), char => char.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
const known = list => list?.map(one => ({ ...one, id: bytes(one.id) }))

const asked = ({ publicKey: key }) => ({
  publicKey: {
    ...key,
    challenge: bytes(key.challenge),
    ...(key.user && { user: { ...key.user, id: bytes(key.user.id) } }),
    ...(key.allowCredentials && { allowCredentials: known(key.allowCredentials) }),
    ...(key.excludeCredentials && { excludeCredentials: known(key.excludeCredentials) }),
  },
})

const said = found => {
  const response = {}
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (found.response[name]) response[name] = text(found.response[name])
  const { id, type } = found
  return JSON.stringify({ id, type, rawId: text(found.rawId), response, clientExtensionResults: found.getClientExtensionResults() })
}

document.addEventListener("submit", async event => {
  const form = event.target
  const kind = form.dataset?.passkey
  if (!kind || form.elements.credential.value) return
  event.preventDefault()
  const { options, optionsUrl } = form.dataset
  try {
    const given = options ? JSON.parse(options) : await (await fetch(optionsUrl)).json()
    form.elements.credential.value = said(await navigator.credentials[kind](asked(given)))
    form.requestSubmit()
  } catch { /* The person closed the device's own window: it said why. */ }
})
