// Keeps the words of <textarea data-keep-draft="key"> in this tab until they were sent, for whoever
// is signed in: [data-drafts-of] on the page is their code. A draft goes when the page after
// sending reports success, and all go on signing out, so a refused form, a lost connection or an
// expired session costs nobody their words. Those of one person go when another signs in at the
// same desk. For staff pages only: the public may be using a shared computer.

const everybody = "draft:"
const sentMark = "draft-sent"
const owner = document.querySelector("[data-drafts-of]")?.dataset.draftsOf
const prefix = `${everybody}${owner}:`

function drafts() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(everybody))
}

function drop(keys) {
  for (const key of keys) {
    sessionStorage.removeItem(key)
  }
}

function tellKept(area) {
  const note = document.createElement("p")
  note.className = "house-draft"
  note.setAttribute("role", "status")
  const discard = document.createElement("button")
  discard.type = "button"
  discard.className = "house-link-button"
  discard.textContent = "Discard it"
  discard.addEventListener("click", () => {
    area.value = ""
    drop([prefix + area.dataset.keepDraft])
    note.remove()
    area.focus()
  })
  note.append("This is what you typed earlier and did not send. ", discard)
  area.after(note)
}

function begin() {
  if (!owner) {
    return
  }
  drop(drafts().filter((key) => !key.startsWith(prefix)))
  const sent = sessionStorage.getItem(sentMark)
  if (sent && document.querySelector("[data-outcome=success]")) {
    drop(sent.split("\n"))
  }
  sessionStorage.removeItem(sentMark)
  for (const area of document.querySelectorAll("textarea[data-keep-draft]")) {
    const key = prefix + area.dataset.keepDraft
    const kept = sessionStorage.getItem(key)
    if (kept && !area.value) {
      area.value = kept
      tellKept(area)
    }
    area.addEventListener("input", () => sessionStorage.setItem(key, area.value))
  }
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-forget-drafts]")) {
    drop(drafts())
    return
  }
  const areas = [...target.querySelectorAll("textarea[data-keep-draft]")]
  if (owner && areas.length > 0) {
    const keys = areas.map((area) => prefix + area.dataset.keepDraft)
    sessionStorage.setItem(sentMark, keys.join("\n"))
  }
})

try {
  begin()
} catch {
  // Storage is switched off in this browser: the page works without drafts.
}
