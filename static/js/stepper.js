// .num[data-step] around an <input> and buttons [data-less] [data-more]; data-unit="hours" reads and writes « 4 h 30 ».
const read = (text, hours) => {
  const [whole, part] = (text.match(/\d+/g) || [0]).map(Number)
  return hours ? whole * 60 + (part || 0) : whole
}
const past = document.documentElement.lang === "en" ? " min" : ""
const write = (value, hours) => hours ? `${Math.floor(value / 60)} h ${String(value % 60).padStart(2, "0")}${past}` : String(value)

document.addEventListener("click", event => {
  const button = event.target.closest("[data-less], [data-more]")
  const box = button && button.closest("[data-step]")
  if (!box) return
  const input = box.querySelector("input")
  const hours = box.dataset.unit === "hours"
  const step = Number(box.dataset.step) * ("less" in button.dataset ? -1 : 1)
  const wished = read(input.value, hours) + step
  const value = Math.min(Math.max(wished, Number(box.dataset.min || 0)), Number(box.dataset.max || Infinity))
  input.value = write(value, hours)
  input.dispatchEvent(new Event("input", { bubbles: true }))
})
