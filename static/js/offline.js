// form[data-offline]: without network the answers stay on the device and leave when it is back. Each form carries an
// idempotency key in [data-once]: sending twice is harmless. body[data-me] names whose answers they are.
const STORE = "waiting"
const WEEK = 7 * 24 * 3600 * 1000
const me = document.body.dataset.me || ""
const through = new WeakSet()
const load = () => { try { return JSON.parse(localStorage[STORE] || "[]") } catch { return [] } }
const save = items => { localStorage[STORE] = JSON.stringify(items) }

// [data-offline-state] carries its own sentences: data-waiting, data-sent, data-refused.
const tell = state => document.querySelectorAll("[data-offline-state]").forEach(place => {
  place.textContent = place.dataset[state] || ""
  place.hidden = !place.textContent
})

const reachable = async () => {
  if (!navigator.onLine) return false
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(5000) })
    return true
  } catch { return false }
}

const send = async item => {
  const body = new URLSearchParams(item.body)
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value
  if (token) body.set("csrfmiddlewaretoken", token)
  // The page after a success is left unread, so that its message is still there on the next one.
  const headers = { "X-Requested-With": "offline" }
  const answer = await fetch(item.url, { method: "POST", body, headers, redirect: "manual" })
  if (answer.status === 403) throw new Error("signed out: it waits for the next time")
  return answer.type === "opaqueredirect" || answer.status === 204
}

const flush = async () => {
  // What was refused has been said for a week; somebody has called by now.
  save(load().filter(item => !item.refused || Date.now() - item.at < WEEK))
  const mine = load().filter(item => item.me === me && !item.refused)
  let refused = load().some(item => item.me === me && item.refused)
  for (const item of mine) {
    let taken
    try { taken = await send(item) } catch { return tell("waiting") }
    const rest = load().filter(other => other.once !== item.once)
    save(taken ? rest : [...rest, { ...item, refused: true }])
    refused ||= !taken
  }
  if (refused) tell("refused")
  else if (mine.length) tell("sent")
}

document.addEventListener("submit", async event => {
  const form = event.target
  if (form.matches("[data-forget]")) navigator.serviceWorker?.controller?.postMessage("forget")
  if (!form.matches("[data-offline]") || through.has(form)) return
  event.preventDefault()
  const { submitter } = event
  if (await reachable()) {
    through.add(form)
    return form.requestSubmit(submitter)
  }
  const once = form.querySelector("[data-once]")
  const body = new URLSearchParams(new FormData(form, submitter)).toString()
  try {
    save([...load(), { url: form.action, body, once: once.value, me, at: Date.now() }])
  } catch {  // No room, or not allowed to keep anything: the browser says itself that there is no network.
    through.add(form)
    return setTimeout(() => form.requestSubmit(submitter))  // Not before this submission is over.
  }
  tell("waiting")
  once.value = crypto.randomUUID()
  form.dispatchEvent(new Event("kept", { bubbles: true }))
})

if (me) {
  addEventListener("online", flush)
  if (load().length) flush()
  const { sw, swScope } = document.body.dataset
  if (sw) navigator.serviceWorker?.register(sw, { scope: swScope })
}
