// form[data-count-to="#id"]: the button says how many boxes are ticked, in its own words (data-none, data-one, data-many).
const tell = form => {
  const label = document.querySelector(form.dataset.countTo)
  const count = form.querySelectorAll("input[type=checkbox]:checked").length
  const { none, one, many } = label.dataset
  label.textContent = count === 0 ? none : count === 1 ? one : many.replace("{n}", count)
}

document.querySelectorAll("form[data-count-to]").forEach(tell)
document.addEventListener("change", event => {
  const form = event.target.closest("form[data-count-to]")
  if (form) tell(form)
})
