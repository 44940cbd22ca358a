// data-key="alt+p": the keys click the element, or focus and select it when it is a field. Modifiers or F keys only;
// a key alone while the focus is inside of [data-keys], and not in a field: ↑ and ↓ go through its [data-choice].
// [data-dialog="#id"] opens that dialog; without scripts the link or form underneath does the work.
const FIELD = "input:not([type=hidden]), select, textarea"

document.addEventListener("keydown", event => {
  if (!event.key) return // Browsers fill in forms with such events.
  const modifiers = ["ctrl", "alt", "shift"].filter(name => event[`${name}Key`] || (name === "ctrl" && event.metaKey))
  // By the place of the key for digits: on a French keyboard Alt+1 types « & ».
  const key = /^Digit\d$/.test(event.code) ? event.code.at(-1) : event.key.toLowerCase()
  const alone = !modifiers.length && !/^f\d+$/.test(key)
  const keys = event.target.closest?.("[data-keys]")
  if (alone && (!keys || event.target.matches(FIELD))) return
  if (alone && (key === "arrowdown" || key === "arrowup")) {
    const choices = [...keys.querySelectorAll("[data-choice]")]
    const next = choices[choices.indexOf(document.activeElement) + (key === "arrowdown" ? 1 : -1)]
    if (next) event.preventDefault()
    return next?.focus()
  }
  const wanted = [...document.querySelectorAll(`[data-key="${CSS.escape([...modifiers, key].join("+"))}"]`)]
  const open = document.querySelector("dialog[open]")
  const target = wanted.find(each => each.matches(FIELD)) || wanted[0]
  if (!target || (open && !open.contains(target))) return
  event.preventDefault()
  if (!target.matches(FIELD)) return target.click()
  target.focus()
  target.select?.()
})

document.addEventListener("click", event => {
  const dialog = document.querySelector(event.target.closest("[data-dialog]")?.dataset.dialog)
  if (!dialog) return
  event.preventDefault()
  dialog.showModal()
  dialog.dispatchEvent(new Event("opened", { bubbles: true }))
})
