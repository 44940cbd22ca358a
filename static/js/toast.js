// .toasts[role=status] holds .toast: rendered by the server, each with its undo form.
const SECONDS = 8
const shelf = document.querySelector(".toasts")

const leave = toast => setTimeout(() => {
  // Somebody who is reading or about to undo keeps it.
  if (toast.matches(":hover, :focus-within")) leave(toast)
  else toast.remove()
}, SECONDS * 1000)

if (shelf) {
  for (const toast of [...shelf.children]) {
    // A live region speaks only of what changes after the page is there.
    toast.remove()
    setTimeout(() => { shelf.append(toast); leave(toast) }, 100)
  }
}
