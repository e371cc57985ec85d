"use strict";
(() => {
  const rows = [...document.querySelectorAll("#table tbody tr")];
  const body = document.querySelector("#table tbody");
  const find = document.getElementById("find");
  const status = document.getElementById("status");
  const trust = document.getElementById("trust");
  const shown = document.getElementById("shown");

  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits =
        words.every((word) => text.includes(word)) &&
        (!status.value || row.dataset.status === status.value) &&
        (!trust.value || row.dataset.trust === trust.value);
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length}`;
  }

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.key ?? cell.textContent.trim();
  }

  function sort(head, column) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = new Intl.Collator("en", { numeric: true });
    const sorted = [...rows].sort((a, b) => order.compare(key(a, column), key(b, column)));
    body.append(...(down ? sorted.reverse() : sorted));
  }

  [...document.querySelectorAll("#table thead th")].forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => sort(head, column));
  });
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", filter);
  status.addEventListener("change", filter);
  trust.addEventListener("change", filter);
  filter();
})();
