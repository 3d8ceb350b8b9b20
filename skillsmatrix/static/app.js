// Arrow keys in the matrix: one stop for Tab, then up, down, left, right, Home and End between its cells.
// Without this script every cell is reached by Tab.
"use strict";

(function () {
  const inside = "a, button";

  function cells(table) {
    return Array.from(table.rows, (row) => Array.from(row.cells, (cell) => cell.querySelector(inside)));
  }

  function start(table) {
    const stops = table.querySelectorAll("td " + inside.replace(", ", ", td "));
    stops.forEach((stop, place) => stop.setAttribute("tabindex", place === 0 ? "0" : "-1"));
  }

  function next(grid, row, column, down, across) {
    row += down;
    column += across;
    while (row >= 0 && row < grid.length && column >= 0 && column < grid[row].length) {
      if (grid[row][column]) {
        return grid[row][column];
      }
      row += down;
      column += across;
    }
    return null;
  }

  function edge(stops, last) {
    const found = stops.filter(Boolean);
    return found[last ? found.length - 1 : 0];
  }

  function move(event) {
    const table = event.target.closest("table[data-arrow-keys]");
    const cell = event.target.closest("td, th");
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!table || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const grid = cells(table);
    const row = cell.parentElement.rowIndex;
    let target = null;
    if (event.key in steps) {
      target = next(grid, row, cell.cellIndex, ...steps[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      target = edge(grid[row], event.key === "End");
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
