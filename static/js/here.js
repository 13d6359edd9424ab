// Says who else has a complaint open: <p data-here="address">, which answers in plain words. It is
// asked when the page opens, while it is looked at, and at once when somebody comes back to it. Whoever
// leaves the page says so, and is not named to the others any more.

const here = document.querySelector("[data-here]")
const everySoOften = 30_000

async function lookAround() {
  if (document.hidden) {
    return
  }
  try {
    // Somebody who has signed out meanwhile is led to no page, nor given its cookies.
    const response = await fetch(here.dataset.here, { credentials: "same-origin", redirect: "manual" })
    if (response.ok) {
      const words = await response.text()
      if (words !== here.textContent) {
        here.textContent = words
      }
    }
  } catch {
    // Nobody can be reached: what was said last stays.
  }
}

function leave() {
  const address = new URL(here.dataset.here, location.href)
  address.searchParams.set("gone", "yes")
  fetch(address, { credentials: "same-origin", redirect: "manual", keepalive: true }).catch(() => {})
}

if (here) {
  lookAround()
  setInterval(lookAround, everySoOften)
  document.addEventListener("visibilitychange", lookAround)
  addEventListener("pagehide", leave)
  addEventListener("pageshow", (event) => event.persisted && lookAround())
}
