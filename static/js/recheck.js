// Shows what would follow from the answers while they are given: <form data-recheck="names of the
// fields">, with the parts to show anew marked [data-recheck-part] and named by their id. The form
// is sent as by its button "check", which does the same where this does not run.

let checking = null

async function recheck(form) {
  const answers = new FormData(form)
  for (const [name, value] of [...answers]) {
    if (value instanceof File) {
      answers.delete(name)
    }
  }
  answers.set("check", "live")
  checking?.abort()
  checking = new AbortController()
  try {
    const response = await fetch(location.href, {
      method: "POST",
      body: answers,
      signal: checking.signal,
      credentials: "same-origin",
    })
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    for (const part of document.querySelectorAll("[data-recheck-part]")) {
      const fresh = page.getElementById(part.id)
      if (response.ok && fresh && !part.contains(document.activeElement)) {
        part.replaceChildren(...fresh.childNodes)
      }
    }
  } catch {
    // The button does the same, and says what is wrong.
  }
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-recheck]")
  if (form && form.dataset.recheck.split(" ").includes(target.name)) {
    recheck(form)
  }
})
