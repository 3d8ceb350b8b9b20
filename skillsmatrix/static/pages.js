// A cell of the matrix opens its reasons under the table. Without this script its link leads to a page.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("table[data-opens] tbody td a");
  if (!link || !window.htmx || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const place = link.closest("table").dataset.opens;
  window.htmx.ajax("GET", link.href, { target: place, swap: "innerHTML show:top" });
});
