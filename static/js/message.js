// What an act led to is said first: the message at the top takes the focus when a page opens,
// as a screen reader does not read a status that was there from the beginning.
// An error summary goes before it, and takes the focus itself.

const message = document.querySelector("[data-message]")

if (message && !document.querySelector(".govuk-error-summary")) {
  message.setAttribute("tabindex", "-1")
  message.focus()
  message.addEventListener("blur", () => message.removeAttribute("tabindex"), { once: true })
}
