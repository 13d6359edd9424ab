// What axe cannot see, looked for in the page as it is drawn. Each check returns sentences.

(options) => {
  const found = []
  const tell = (check, element, words) => found.push({ check, words, where: nameOf(element) })

  function nameOf(element) {
    if (!element) {
      return ""
    }
    const words = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40)
    const id = element.id ? `#${element.id}` : ""
    const names = element.getAttribute("class")
    return `<${element.tagName.toLowerCase()}${id}${names ? ` class="${names}"` : ""}> ${words}`
  }

  function isShown(element) {
    const box = element.getBoundingClientRect()
    return element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
      && box.width > 1 && box.height > 1
      && !element.closest(".govuk-visually-hidden, .govuk-visually-hidden-focusable, .govuk-skip-link")
  }

  function numbers(colour) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number)
    return colour.startsWith("color(") ? [red * 255, green * 255, blue * 255, alpha] : [red, green, blue, alpha]
  }

  function light([red, green, blue]) {
    const part = (value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
  }

  function contrast(one, other) {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a)
    return (high + 0.05) / (low + 0.05)
  }

  function groundOf(element) {
    for (let here = element; here; here = here.parentElement) {
      const ground = numbers(getComputedStyle(here).backgroundColor)
      if (ground[3] > 0.99) {
        return ground
      }
    }
    return [255, 255, 255, 1]
  }

  // The edge of a control shows by its border or by its filling.
  function checkEdge(control, style) {
    const around = groundOf(control.parentElement)
    const border = parseFloat(style.borderTopWidth) > 0 ? contrast(numbers(style.borderTopColor), around) : 1
    const own = numbers(style.backgroundColor)
    const filling = own[3] > 0.99 ? contrast(own, around) : 1
    if (Math.max(border, filling) < 3) {
      tell("border", control, `its edge has a contrast of ${Math.max(border, filling).toFixed(2)}, not 3`)
    }
  }

  function checkEdges() {
    const typed = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), select, textarea"
    for (const control of document.querySelectorAll(typed)) {
      if (isShown(control)) {
        checkEdge(control, getComputedStyle(control))
      }
    }
    for (const label of document.querySelectorAll(".govuk-radios__label, .govuk-checkboxes__label")) {
      if (isShown(label)) {
        checkEdge(label, getComputedStyle(label, "::before"))
      }
    }
  }

  function checkErrors() {
    const summary = document.querySelector(".govuk-error-summary")
    if (Boolean(summary) !== document.title.startsWith(options.error)) {
      tell("title", summary, `the title is "${document.title}"`)
    }
    for (const link of document.querySelectorAll(".govuk-error-summary a")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      target?.focus()
      if (!target || document.activeElement !== target) {
        tell("error link", link, `leads to ${link.hash}, which takes no focus`)
      }
    }
    document.activeElement?.blur()
  }

  function checkHeading() {
    const headings = [...document.querySelectorAll("h1")].filter(isShown)
    if (headings.length !== 1) {
      tell("heading", headings[1], `there are ${headings.length} h1`)
    }
  }

  // A link within a sentence needs no room of its own; the whole of a label is a radio's target.
  function isInSentence(element) {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") {
      return false
    }
    const block = element.closest("p, li, dd, div, address, span")
    return Boolean(block) && block.textContent.trim().length > element.textContent.trim().length + 3
  }

  function sizeOf(element) {
    const boxes = [element.getBoundingClientRect()]
    const after = getComputedStyle(element, "::after")
    if (after.position === "absolute" && after.inset === "0px") {
      boxes.push(element.offsetParent.getBoundingClientRect())
    }
    if (element.matches("input") && element.labels) {
      boxes.push(...[...element.labels].map((label) => label.getBoundingClientRect()))
    }
    return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))]
  }

  function checkTargets() {
    const least = options.target
    const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary"
    for (const target of document.querySelectorAll(targets)) {
      if (!isShown(target) || isInSentence(target)) {
        continue
      }
      const [width, height] = sizeOf(target)
      if (height < least - 0.5 || width < Math.min(least, 24) - 0.5) {
        tell("target", target, `is ${width.toFixed(0)} by ${height.toFixed(0)} pixels, not ${least}`)
      }
    }
  }

  function checkReflow() {
    const { scrollWidth } = document.documentElement
    if (scrollWidth > innerWidth) {
      const widest = [...document.body.querySelectorAll("*")]
        .filter((each) => isShown(each) && each.getBoundingClientRect().right > innerWidth + 1)
      tell("reflow", widest.at(-1), `the page is ${scrollWidth} pixels wide in a window of ${innerWidth}`)
    }
  }

  function wordsShown() {
    const shown = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      const element = node.parentElement
      if (!node.data.trim() || !isShown(element) || element.closest("title, desc, option, script")) {
        continue
      }
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        if (box.width > 1) {
          shown.push({ element, box })
        }
      }
    }
    return shown
  }

  // Letters reach less far than their line, so a little of two lines may lie over each other.
  // From top to bottom: what begins below the end of a box does not lie over it.
  function checkCollisions(words) {
    const boxes = words
      .map(({ element, box: { left, right, top, bottom, height } }) => ({ element, left, right, top, bottom, height }))
      .sort((one, other) => one.top - other.top)
    for (const [number, one] of boxes.entries()) {
      for (let next = number + 1; next < boxes.length && boxes[next].top < one.bottom; next += 1) {
        const other = boxes[next]
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
        const down = Math.min(one.bottom, other.bottom) - other.top
        if (one.element !== other.element && across > 2 && down > Math.min(one.height, other.height) * 0.3) {
          tell("collision", one.element, `lies over ${nameOf(other.element)}`)
        }
      }
    }
  }

  // The boxes of everything around an element that cuts off what reaches beyond it, each asked once.
  const frames = new Map()

  function framesAround(element) {
    if (!element || element === document.body) {
      return []
    }
    if (!frames.has(element)) {
      const style = getComputedStyle(element)
      const own = /hidden|clip/.test(style.overflowX + style.overflowY) ? [element.getBoundingClientRect()] : []
      frames.set(element, [...own, ...framesAround(element.parentElement)])
    }
    return frames.get(element)
  }

  function checkClipped(words) {
    for (const { element, box } of words) {
      for (const frame of framesAround(element)) {
        if (box.bottom > frame.bottom + 3 || box.right > frame.right + 3) {
          tell("clipped", element, "its words are cut off")
        }
      }
    }
  }

  const words = wordsShown()
  checkReflow()
  checkClipped(words)
  checkCollisions(words)
  if (!options.isEnlarged) {
    checkErrors()
    checkHeading()
    checkEdges()
    checkTargets()
  }
  return found
}
