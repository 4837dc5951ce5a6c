"use strict";
(() => {
  // A fold that is closed would be missing on paper.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
    folded = [];
  });

  const table = document.getElementById("trails");
  if (!table) return;
  const bodies = [...table.tBodies];
  const standings = ["wrong", "known", "excepted", "exempt", "cannot tell", "right", "nothing to check"];
  const words = new Intl.Collator("en", { numeric: true });
  const textOf = (body, column) => {
    const cell = body.rows[0].cells[column];
    return (cell.querySelector("summary") ?? cell).textContent;
  };

  const heads = [...table.tHead.rows[0].cells];
  const sort = (column) => {
    const direction = heads[column].getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    const texts = new Map(bodies.map((body) => [body, textOf(body, column)]));
    const rank = (text) => standings.indexOf(text);
    bodies.sort((one, other) => {
      const a = texts.get(one), b = texts.get(other);
      return direction * (rank(a) - rank(b) || words.compare(a, b));
    });
    const all = document.createDocumentFragment();
    for (const body of bodies) all.append(body);
    table.append(all);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });

  const standing = document.getElementById("standing");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const count = new Intl.NumberFormat("en");
  let searched;
  const filter = () => {
    const text = search.value.trim().toLowerCase();
    if (text) searched ??= new Map(bodies.map((body) => [body, body.textContent.toLowerCase()]));
    let visible = 0;
    for (const body of bodies) {
      const fits = (!standing.value || body.classList.contains(standing.value)) && (!text || searched.get(body).includes(text));
      body.hidden = !fits;
      visible += fits;
    }
    const all = visible === bodies.length;
    // Paper must say that rows are missing on it.
    shown.textContent = all ? "" : `Only ${count.format(visible)} of ${count.format(bodies.length)} trails are shown.`;
  };
  let waiting;
  standing.addEventListener("change", filter);
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  // A browser may fill in again what was there before.
  addEventListener("pageshow", filter);

  document.getElementById("fold").addEventListener("click", () => {
    const folds = [...table.querySelectorAll(".more details")];
    const open = folds.some((each) => !each.open);
    for (const each of folds) each.open = open;
  });
  document.getElementById("controls").hidden = false;
})();
