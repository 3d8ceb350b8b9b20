// Arrow keys in the matrix: one stop for Tab, then up, down, left, right, Home and End between its cells.
// Without this script every cell is reached by Tab.
"use strict";

(function () {
  const inside = "a, button";

  // What can be reached in a place of the table; null where nothing can, undefined outside the table.
  function stopAt(table, row, column) {
    const last = table.rows.length - 1;
    if (row < 0 || row > last || column < 0 || column >= table.rows[last].cells.length) {
      return undefined;
    }
    const cell = table.rows[row].cells[column];
    return cell ? cell.querySelector(inside) : null;
  }

  function start(table) {
    const stops = table.querySelectorAll("td " + inside.replace(", ", ", td "));
    stops.forEach((stop, place) => stop.setAttribute("tabindex", place === 0 ? "0" : "-1"));
  }

  function next(table, row, column, down, across) {
    let found = null;
    while (found === null) {
      row += down;
      column += across;
      found = stopAt(table, row, column);
    }
    return found;
  }

  function edge(row, last) {
    const stops = row.querySelectorAll(inside);
    return stops[last ? stops.length - 1 : 0];
  }

  function move(event) {
    const table = event.target.closest("table[data-arrow-keys]");
    const cell = event.target.closest("td, th");
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!table || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const row = cell.parentElement;
    let target = null;
    if (event.key in steps) {
      target = next(table, row.rowIndex, cell.cellIndex, ...steps[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      target = edge(row, event.key === "End");
    } else {
      return;
    }
    event.preventDefault();
    if (target && target !== event.target) {
      event.target.setAttribute("tabindex", "-1");
      target.setAttribute("tabindex", "0");
      target.focus();
    }
  }

  document.querySelectorAll("table[data-arrow-keys]").forEach(start);
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("table[data-arrow-keys]").forEach((table) => {
      if (!table.querySelector("[tabindex='0']")) {
        start(table);
      }
    });
  });
  document.addEventListener("keydown", move);
})();
