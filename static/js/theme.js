// [data-theme-toggle]: light or dark by choice, remembered on this device.
const root = document.documentElement
const remembered = () => { try { return localStorage.theme } catch { return "" } }

root.dataset.js = "" // Shows what only works with scripts: class "js".
if (remembered()) root.dataset.theme = remembered()

document.addEventListener("click", event => {
  if (!event.target.closest("[data-theme-toggle]")) return
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
  root.dataset.theme = dark ? "light" : "dark"
  try { localStorage.theme = root.dataset.theme } catch { /* Private browsing: the choice lasts for this page. */ }
})
