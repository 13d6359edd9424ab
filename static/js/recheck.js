// Shows what would follow from the answers while they are given: <form data-recheck="names of the
// fields, or * for all">, with the parts to show anew marked [data-recheck-part] and named by their
// id. The form is sent as by its button "check", which does the same where this does not run. With
// data-recheck-typed it is also sent a moment after somebody stopped typing. Choices outside those
// parts that other answers shut or open are shut or opened where they are, with their reasons.

const A_MOMENT = 1200

let checking = null
let waiting = null

function shutAsIn(page, form) {
  for (const input of form.querySelectorAll("input[type=radio]")) {
    const fresh = page.getElementById(input.id)
    if (!fresh || input.closest("[data-recheck-part]") || fresh.disabled === input.disabled) {
      continue
    }
    input.disabled = fresh.disabled
    document.getElementById(`${input.id}_hint`)?.remove()
    input.removeAttribute("aria-describedby")
    const hint = page.getElementById(`${input.id}_hint`)
    if (hint) {
      input.parentElement.append(hint)
      input.setAttribute("aria-describedby", hint.id)
    }
  }
}

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
      // What says the same again is left alone, so that nobody hears it twice.
      const isNews = fresh && fresh.innerHTML !== part.innerHTML
      if (response.ok && isNews && !part.contains(document.activeElement)) {
        part.replaceChildren(...fresh.childNodes)
      }
    }
    if (response.ok) {
      shutAsIn(page, form)
    }
  } catch {
    // The button does the same, and says what is wrong.
  }
}

function rechecked(target) {
  const form = target.closest("form[data-recheck]")
  const names = form?.dataset.recheck.split(" ") ?? []
  return names.includes("*") || names.includes(target.name) ? form : null
}

document.addEventListener("change", ({ target }) => {
  const form = rechecked(target)
  if (form) {
    clearTimeout(waiting)
    recheck(form)
  }
})

document.addEventListener("input", ({ target }) => {
  const form = rechecked(target)
  if (form && "recheckTyped" in form.dataset) {
    clearTimeout(waiting)
    waiting = setTimeout(recheck, A_MOMENT, form)
  }
})
