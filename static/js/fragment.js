// form[data-preview="URL"][data-target="#id"]: asks the server for the fragment as the person types (GET, read only).
// A field marked data-private is left out: the address of a request ends up in logs.
const WAIT = 250
const running = new WeakMap()

const refresh = async form => {
  running.get(form)?.abort()
  const control = new AbortController()
  running.set(form, control)
  const fields = new FormData(form)
  fields.delete("csrfmiddlewaretoken")
  form.querySelectorAll("[data-private]").forEach(field => fields.delete(field.name))
  try {
    const answer = await fetch(`${form.dataset.preview}?${new URLSearchParams(fields)}`, { signal: control.signal })
    if (answer.ok) document.querySelector(form.dataset.target).innerHTML = await answer.text()
  } catch { /* Overtaken by the next key, or no network: the last preview stays. */ }
}

let timer
document.addEventListener("input", event => {
  const form = event.target.closest("form[data-preview]")
  if (!form) return
  clearTimeout(timer)
  timer = setTimeout(refresh, WAIT, form)
})
