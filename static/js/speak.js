// [data-dire="text"]: reads the text with the voice of the device, nothing is downloaded. A second click stops it.
const voice = window.speechSynthesis
const buttons = () => document.querySelectorAll("[data-dire]")
const quiet = () => buttons().forEach(button => button.setAttribute("aria-pressed", "false"))

if (voice) quiet()
else buttons().forEach(button => { button.hidden = true })

document.addEventListener("click", event => {
  const button = event.target.closest("[data-dire]")
  if (!button || !voice) return
  const speaking = button.getAttribute("aria-pressed") === "true"
  voice.cancel()
  quiet()
  if (speaking) return
  const words = new SpeechSynthesisUtterance(button.dataset.dire)
  words.lang = button.closest("[lang]").lang === "en" ? "en-GB" : "fr-FR"
  words.rate = 0.92
  words.onend = quiet
  button.setAttribute("aria-pressed", "true")
  voice.speak(words)
})
