// [data-poll="URL"]: replaced by the fragment at that address every two seconds, or every data-every seconds, until it
// comes without data-poll. data-said on a fragment is spoken once, in [data-poll-status] outside it: only the start and
// the end are announced.
const pause = box => 1000 * (box?.dataset.every || 2)

const follow = async () => {
  const box = document.querySelector("[data-poll]")
  if (!box) return
  if (!document.hidden) {
    try {
      const answer = await fetch(box.dataset.poll)
      if (answer.ok) box.outerHTML = await answer.text()
    } catch { /* No network: the next round tries again. */ }
    const said = document.querySelector("[data-said]")?.dataset.said
    const status = document.querySelector("[data-poll-status]")
    if (said && status && status.textContent !== said) status.textContent = said
  }
  setTimeout(follow, pause(box))
}

setTimeout(follow, pause(document.querySelector("[data-poll]")))
