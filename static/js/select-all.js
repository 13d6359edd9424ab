// One box ticks all of a table: <input type="checkbox" data-select-all="name of the boxes">.
// [data-selected-count] in the same form says how many are ticked. The style sheet shows the box
// only where scripts run: without JavaScript people tick rows one by one.

function boxesOf(master) {
  const scope = master.closest("form") ?? document
  return [...scope.querySelectorAll(`input[type=checkbox][name="${master.dataset.selectAll}"]`)]
}

function agree(master) {
  const boxes = boxesOf(master)
  const ticked = boxes.filter((box) => box.checked).length
  master.checked = boxes.length > 0 && ticked === boxes.length
  master.indeterminate = ticked > 0 && ticked < boxes.length
  const count = (master.closest("form") ?? document).querySelector("[data-selected-count]")
  if (count) {
    count.textContent = ticked ? `${ticked} selected` : ""
  }
}

function prepare() {
  for (const master of document.querySelectorAll("[data-select-all]")) {
    agree(master)
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-all]")) {
    for (const box of boxesOf(target)) {
      box.checked = target.checked
    }
  }
  for (const master of document.querySelectorAll("[data-select-all]")) {
    agree(master)
  }
})

document.addEventListener("house:results", prepare)
addEventListener("pageshow", prepare)
