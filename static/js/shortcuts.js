// Keyboard shortcuts for whoever switched them on: the dialog #shortcuts, which lists them, is on
// the page for nobody else. Each is two keys, one after the other: <a data-keys="g w" href="…">.
// "?" opens the list, "/" goes to the search. Nothing is a shortcut while somebody types, or with
// Ctrl, Alt or the like, which belong to the browser and to assistive technology.

const shortcuts = document.getElementById("shortcuts")
const patience = 1500
let first = ""
let since = 0

function isTyping({ target }) {
  return target.isContentEditable || target.matches("input, textarea, select")
}

function follow(keys) {
  const link = shortcuts.querySelector(`[data-keys="${CSS.escape(keys)}"]`)
  link?.click()
  return link !== null
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event)) {
    return
  }
  if (event.key === "?") {
    event.preventDefault()
    shortcuts.showModal()
  } else if (event.key === "/" && document.getElementById("house-search")) {
    event.preventDefault()
    document.getElementById("house-search").focus()
  } else if (/^[a-z]$/.test(event.key)) {
    const keys = Date.now() - since < patience ? `${first} ${event.key}` : ""
    const wasFollowed = keys !== "" && follow(keys)
    first = wasFollowed ? "" : event.key
    since = wasFollowed ? 0 : Date.now()
  }
}

if (shortcuts) {
  document.addEventListener("keydown", press)
  const opener = document.querySelector("[data-shows-shortcuts]")
  opener.hidden = false
  opener.addEventListener("click", () => shortcuts.showModal())
}
