// Asks before somebody is signed out because nothing was done for a while, and lets them stay
// (WCAG 2.2.1): <dialog data-stay="seconds until then" data-asks="seconds before">, whose form is
// sent to stay. Once it is too late it says so; what was typed goes on standing on the page.

const stay = document.querySelector("dialog[data-stay]")
let ends = 0

function beginAnew() {
  ends = Date.now() + Number(stay.dataset.stay) * 1000
}

function isTooLate() {
  for (const part of stay.querySelectorAll("[data-in-time], [data-too-late]")) {
    part.hidden = "inTime" in part.dataset
  }
}

function lookAtClock() {
  const left = (ends - Date.now()) / 1000
  if (left <= 0) {
    isTooLate()
  }
  // A computer that slept let no time pass: the clock is asked, and not a timer.
  if (left <= Number(stay.dataset.asks) && !stay.open) {
    stay.showModal()
  }
}

async function goOn(event) {
  event.preventDefault()
  if (ends <= Date.now()) {
    stay.close()
    clearInterval(stay.watch)
    return
  }
  const form = stay.querySelector("form")
  try {
    // Somebody who is signed out already is led to no page.
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" })
    if (response.ok) {
      beginAnew()
      stay.close()
      return
    }
  } catch {
    // Nobody can be reached: it can be pressed again.
    return
  }
  ends = 0
  isTooLate()
}

if (stay) {
  beginAnew()
  stay.watch = setInterval(lookAtClock, 5_000)
  stay.querySelector("form").addEventListener("submit", goOn)
  // The key that closes it stays too.
  stay.addEventListener("cancel", goOn)
}
