// form[data-call]: what its preview says goes to its places. <template data-for="#id"> moves there; <data data-fill="name">
// fills that field unless somebody typed in it. What only repeats the line is not sent: the line says it.
const form = document.querySelector("form[data-call]")

if (form) {
  const filled = new Set(form.querySelectorAll("[data-filled]"))
  const target = document.querySelector(form.dataset.target)
  const client = form.querySelector("[data-picked]")
  const since = form.querySelector("[data-since]")

  form.querySelector("[data-seen]").value = "1"
  form.addEventListener("input", event => filled.delete(event.target))
  form.addEventListener("formdata", event => filled.forEach(field => event.formData.delete(field.name)))

  new MutationObserver(() => {
    target.querySelectorAll("template[data-for]").forEach(part => {
      document.querySelector(part.dataset.for)?.replaceChildren(part.content)
      part.remove()
    })
    target.querySelectorAll("[data-fill]").forEach(({ dataset, value }) => {
      const field = form.querySelector(`[name="${dataset.fill}"]`)
      if (field === document.activeElement || (field.value && !filled.has(field))) return
      field.value = value
      filled.add(field)
    })
    document.querySelector("#nouvelle").hidden = Boolean(client.value) && client.value !== "new"
  }).observe(target, { childList: true })

  const tick = () => {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since.dataset.since)) / 1000))
    since.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }
  tick()
  setInterval(tick, 1000)
}
