// form[data-offline] with a button[data-kept-label]: what is kept on the device says so, and is not ticked twice, also
// after the page was loaded anew.
const mark = form => {
  const button = form.querySelector("[data-kept-label]")
  if (!button) return
  button.querySelector("span").textContent = button.dataset.keptLabel
  button.disabled = true
}

document.addEventListener("kept", event => mark(event.target))

const kept = () => { try { return JSON.parse(localStorage.waiting || "[]") } catch { return [] } }
const waiting = new Set(kept().filter(item => !item.refused && item.me === document.body.dataset.me).map(item => item.url))
document.querySelectorAll("form[data-offline]").forEach(form => { if (waiting.has(form.action)) mark(form) })
