"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const table = document.querySelector(".matrix");
  const board = document.querySelector(".board");
  const rows = [...table.tBodies[0].rows];
  const titles = [...table.querySelectorAll(".titles th")];
  const groups = [...table.querySelectorAll(".groups th[scope=colgroup]")].map((th) => ({ th, size: th.colSpan }));
  const input = (name) => document.getElementById("f-" + name);
  const selects = [...form.querySelectorAll("select[data-field]")];
  const status = input("aantal");

  const fits = (row) => {
    const words = input("tekst").value.toLowerCase().split(/\s+/);
    if (!words.every((word) => row.dataset.tekst.includes(word))) return false;
    if (!selects.every((select) => !select.value || row.dataset[select.dataset.field] === select.value)) return false;
    const column = input("eis").value, verdict = input("oordeel").value;
    return !column || !verdict || row.cells[Number(column) + 1].classList.contains("v-" + verdict);
  };

  const showColumns = (coreOnly) => {
    const seen = titles.map((th) => !coreOnly || th.classList.contains("core"));
    titles.forEach((th, i) => { th.hidden = !seen[i]; });
    rows.forEach((row) => seen.forEach((show, i) => { row.cells[i + 1].hidden = !show; }));
    let start = 0;
    groups.forEach(({ th, size }) => {
      const count = seen.slice(start, start + size).filter(Boolean).length;
      start += size;
      th.hidden = count === 0;
      if (count) th.colSpan = count;
    });
  };

  const apply = () => {
    rows.forEach((row) => { row.hidden = !fits(row); });
    input("oordeel").disabled = !input("eis").value;
    titles.forEach((th, i) => th.classList.toggle("chosen", String(i) === input("eis").value));
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = status.dataset.tekst.replace("{n}", shown).replace("{totaal}", rows.length);
  };

  const columnsChanged = () => showColumns(Boolean(input("kern") && input("kern").checked));
  const toColumn = () => {
    const th = titles[Number(input("eis").value)];
    if (input("eis").value && th && !th.hidden) board.scrollLeft = th.offsetLeft - board.clientWidth / 2;
  };

  form.addEventListener("input", (event) => {
    if (event.target === input("kern")) columnsChanged();
    apply();
    if (event.target === input("eis")) toColumn();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { columnsChanged(); apply(); }));
  document.querySelectorAll("a[data-eis]").forEach((link) => link.addEventListener("click", () => {
    form.reset();
    setTimeout(() => {
      input("eis").value = link.dataset.eis;
      input("oordeel").value = link.dataset.oordeel;
      apply();
      toColumn();
    });
  }));
  form.hidden = false;
  columnsChanged();
  apply();
})();
