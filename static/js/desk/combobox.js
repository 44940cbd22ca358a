// [data-combobox][data-url]: an ARIA combobox over options that the server renders. Focus stays in the input.
const WAIT = 150
const within = (box, selector) => box.querySelector(selector)
const options = box => [...box.querySelectorAll("[role=option]")]
const current = box => options(box).find(option => option.getAttribute("aria-selected") === "true")
let serial = 0

const mark = (box, option) => {
  options(box).forEach(each => each.setAttribute("aria-selected", String(each === option)))
  const input = within(box, "[role=combobox]")
  if (!option) return input.removeAttribute("aria-activedescendant")
  option.id ||= `option-${++serial}`
  input.setAttribute("aria-activedescendant", option.id)
  option.scrollIntoView({ block: "nearest" })
}

const show = (box, open) => {
  within(box, "[role=listbox]").hidden = !open
  within(box, "[role=combobox]").setAttribute("aria-expanded", String(open))
  if (!open) mark(box, undefined)
}

const search = async (box, typed) => {
  if (typed.length < Number(box.dataset.min ?? 2)) return show(box, false)
  try {
    const answer = await fetch(`${box.dataset.url}?${new URLSearchParams({ q: typed })}`)
    // A slower answer to an older question is dropped.
    if (!answer.ok || within(box, "[role=combobox]").value.trim() !== typed) return
    const parsed = document.createElement("template")
    parsed.innerHTML = await answer.text()
    const count = parsed.content.querySelector("[data-count]")
    within(box, "[role=status]").textContent = count?.dataset.count || ""
    count?.remove()
    within(box, "[role=listbox]").replaceChildren(parsed.content)
    box.dataset.answered = typed
    show(box, options(box).length > 0)
    mark(box, options(box)[0])
  } catch { /* No network: what was typed is still sent with the form. */ }
}

const pick = (box, option) => {
  const { href, value, label } = option.dataset
  if (href) return location.assign(href)
  const input = within(box, "[role=combobox]")
  const hidden = within(box, "[data-picked]")
  input.value = label ?? input.value
  if (hidden) hidden.value = value ?? ""
  show(box, false)
  input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { value, label } }))
  // Not "input": that would search again. The preview listens to the hidden field.
  hidden?.dispatchEvent(new Event("input", { bubbles: true }))
  document.querySelector(box.dataset.next)?.focus()
}

const boxOf = event => event.target.closest?.("[data-combobox]")
let timer

const ask = (box, wait) => {
  clearTimeout(timer)
  timer = setTimeout(search, wait, box, within(box, "[role=combobox]").value.trim())
}

document.addEventListener("input", event => {
  const box = boxOf(event)
  if (!box || event.target.getAttribute("role") !== "combobox") return
  const hidden = within(box, "[data-picked]")
  if (hidden) hidden.value = "" // Other words are another person until one is picked.
  ask(box, WAIT)
})

document.addEventListener("keydown", event => {
  const box = boxOf(event)
  if (!box || event.ctrlKey || event.altKey || event.metaKey || within(box, "[role=listbox]").hidden) return
  const all = options(box)
  const at = all.indexOf(current(box))
  if (event.key === "ArrowDown") mark(box, all[Math.min(at + 1, all.length - 1)])
  else if (event.key === "ArrowUp") mark(box, all[Math.max(at - 1, 0)])
  else if (event.key === "Enter" && box.dataset.answered !== event.target.value.trim()) ask(box, 0) // Not yet of these words.
  else if (event.key === "Enter" && current(box)) pick(box, current(box))
  else if (event.key === "Escape") show(box, false)
  else return
  event.preventDefault()
})

// Before the click, the input loses focus and the list would close under the pointer.
document.addEventListener("mousedown", event => { if (event.target.closest("[role=option]")) event.preventDefault() })
document.addEventListener("click", event => {
  const option = event.target.closest("[role=option]")
  if (option && boxOf(event)) pick(boxOf(event), option)
})
document.addEventListener("focusout", event => { if (boxOf(event) && !event.target.closest("dialog")) show(boxOf(event), false) })
document.addEventListener("opened", event => {
  const box = within(event.target, "[data-combobox]")
  if (box) search(box, within(box, "[role=combobox]").value.trim())
})
