// The menu of a narrow header closes when the focus leaves it, so that it never covers what has it, and by Escape.
const opened = () => document.querySelector(".head details[open]")

document.addEventListener("focusin", event => {
  const menu = opened()
  if (menu && !menu.contains(event.target)) menu.open = false
})
document.addEventListener("keydown", event => {
  const menu = event.key === "Escape" && opened()
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})
