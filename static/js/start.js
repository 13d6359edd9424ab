// GOV.UK Frontend starts only where the body says that the browser is able.

document.body.classList.add("js-enabled")
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported")
}
initAll()
