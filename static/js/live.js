// A filter form updates its results in place: <form method="get" data-live>, with the results in
// #results and the sentence to announce in [data-results-summary] inside them.
// Whatever goes wrong, the browser goes to the page in the ordinary way.

let running = null

async function showResults(form) {
  const address = new URL(form.action || location.href)
  address.search = new URLSearchParams(new FormData(form)).toString()
  running?.abort()
  running = new AbortController()
  const { signal } = running
  const results = document.getElementById("results")
  results.setAttribute("aria-busy", "true")
  try {
    const response = await fetch(address, { signal, credentials: "same-origin" })
    const answered = new URL(response.url)
    if (!response.ok || answered.pathname !== address.pathname) {
      throw new Error("not the results")
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const fresh = page.getElementById("results")
    results.replaceChildren(...fresh.childNodes)
    results.removeAttribute("aria-busy")
    history.pushState({ live: true }, "", address)
    announce(results.querySelector("[data-results-summary]")?.textContent.trim() ?? "")
    document.dispatchEvent(new CustomEvent("house:results"))
  } catch (problem) {
    if (problem.name !== "AbortError") {
      location.assign(address)
    }
  }
}

function announce(words) {
  let speaker = document.getElementById("live-status")
  if (!speaker) {
    speaker = document.createElement("div")
    speaker.id = "live-status"
    speaker.className = "govuk-visually-hidden"
    speaker.setAttribute("role", "status")
    document.querySelector("main").append(speaker)
  }
  speaker.textContent = ""
  setTimeout(() => { speaker.textContent = words }, 50)
}

function liveFormOf(event) {
  const form = event.target.closest("form[data-live]")
  return form && document.getElementById("results") ? form : null
}

document.addEventListener("change", (event) => {
  const form = liveFormOf(event)
  if (form) {
    showResults(form)
  }
})

document.addEventListener("submit", (event) => {
  const form = liveFormOf(event)
  if (form) {
    event.preventDefault()
    showResults(form)
  }
})

addEventListener("popstate", () => location.reload())
