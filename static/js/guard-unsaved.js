// Warns before somebody leaves a page with words they typed and have not sent:
// <form data-guard-unsaved>. The browser words the warning itself.

const changed = new Set()

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-guard-unsaved]")
  if (form) {
    changed.add(form)
  }
})

document.addEventListener("submit", ({ target }) => changed.delete(target))

addEventListener("beforeunload", (event) => {
  if (changed.size > 0) {
    event.preventDefault()
  }
})
