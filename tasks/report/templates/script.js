// What a browser adds to pages that are whole without it: searching tables, sorting them, choosing on the map, source on hover.
"use strict";

function sortTables() {
  for (const heading of document.querySelectorAll(".figure thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sortBy(heading));
  }
}

// A heading with a button in it is not repeated on the next sheet of paper.
function printHeadings() {
  for (const button of document.querySelectorAll(".figure thead .sort")) button.replaceWith(...button.childNodes);
}

function sortBy(heading) {
  const table = heading.closest("table");
  const index = heading.cellIndex;
  const ascending = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const value = (row) => {
    const data = row.cells[index].querySelector("data");
    return data ? Number(data.value) : row.cells[index].querySelector(".none") ? null : row.cells[index].textContent;
  };
  const compare = (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return ascending ? order : -order;
  };
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort(compare));
}

function searchTables() {
  for (const input of document.querySelectorAll("input[data-table]")) {
    const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
    let texts = null; // read when somebody searches: reading a long table would keep the page waiting
    const output = input.parentNode.querySelector("output");
    const apply = () => {
      texts ??= rows.map((row) => row.textContent.toLowerCase());
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every((word) => texts[i].includes(word));
        shown += !row.hidden;
      });
      output.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
      const choices = new URLSearchParams(location.hash.slice(1));
      if (input.value) choices.set("find", input.value); else choices.delete("find");
      if (input.value || location.hash.startsWith("#find=")) history.replaceState(null, "", `#${choices}`);
    };
    input.closest(".search").hidden = false;
    const wanted = new URLSearchParams(location.hash.slice(1)).get("find");
    if (wanted) { input.value = wanted; input.closest("details").open = true; apply(); }
    input.addEventListener("input", apply);
  }
}

function shadeOf(value, ordered) {
  const rank = value === undefined ? -1 : ordered.findIndex((v) => v >= value);
  return value === undefined ? "" : `q${Math.min(Math.floor((rank * 5) / ordered.length) + 1, 5)}`;
}

function textOf(value, { digits }) {
  return value === undefined ? "–" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function linkToSource(place, year, text, of) {
  if (of.untraced.includes(`${place} ${year}`)) return text;
  const link = document.createElement("a");
  link.href = `../trace/${of.kind}/${`${place}-${of.of}`.replace(/[^\w-]/g, "_")}.html#at-${year}`;
  link.title = "where this number comes from";
  link.textContent = text;
  return link;
}

function rankPlaces(values, year, of) {
  const body = document.getElementById("map-ranking").tBodies[0];
  const value = (row) => values[row.dataset.place] ?? -Infinity;
  const rows = [...body.rows].sort((a, b) => value(b) - value(a));
  rows.forEach((row, i) => {
    row.hidden = values[row.dataset.place] === undefined;
    row.cells[0].textContent = 1 + rows.findIndex((other) => value(other) === value(row));
    row.cells[2].replaceChildren(row.hidden ? "" : linkToSource(row.dataset.place, year, textOf(value(row), of), of));
  });
  body.append(...rows);
  document.getElementById("map-unit").textContent = of.unit;
}

function chooseOnMap() {
  const holder = document.getElementById("map-data");
  if (!holder) return;
  let known = null; // read when somebody chooses: the page shows the first choice without it
  const measuresOf = () => (known ??= JSON.parse(holder.textContent).measures);
  const [measure, year] = ["map-measure", "map-year"].map((id) => document.getElementById(id));
  const draw = (write) => {
    const of = measuresOf()[measure.value];
    const years = Object.keys(of.values).sort();
    const kept = years.includes(year.value) ? year.value : years[years.length - 1];
    year.replaceChildren(...years.map((y) => new Option(y, y, false, y === kept)));
    const values = of.values[kept];
    const ordered = Object.values(values).sort((a, b) => a - b);
    for (const tile of document.querySelectorAll(".tiles a")) {
      const value = values[tile.dataset.place];
      tile.className = shadeOf(value, ordered);
      tile.querySelector(".value").textContent = textOf(value, of);
    }
    for (const outline of document.querySelectorAll(".outlines path")) {
      const value = values[outline.dataset.place];
      outline.setAttribute("class", shadeOf(value, ordered));
      outline.querySelector("title").textContent = `${outline.dataset.name}: ${textOf(value, of)}`;
    }
    rankPlaces(values, kept, of);
    document.getElementById("map-says").textContent = `${of.label}, ${of.unit}, ${kept}`;
    const chosen = `#measure=${measure.value}&year=${kept}${outlines.open ? "&map=outlines" : ""}`;
    if (write && location.hash !== chosen) history[write](null, "", chosen);
  };
  const outlines = document.getElementById("map-outlines");
  const first = [measure.value, year.value];
  const read = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const known = wanted.get("measure") in measuresOf();
    measure.value = known ? wanted.get("measure") : first[0];
    const asked = wanted.get("year") || first[1];
    year.replaceChildren(new Option(asked, asked, true, true));
    outlines.open = wanted.get("map") === "outlines";
    // An address that asks for what is not here is put right: it would not say what is shown.
    draw(wanted.has("measure") || wanted.has("year") ? "replaceState" : "");
  };
  document.querySelector(".choose").hidden = false;
  const isChoice = () => location.hash.includes("measure=") || location.hash.includes("year=");
  if (isChoice()) read();
  outlines.addEventListener("toggle", () => draw("replaceState"));
  measure.addEventListener("change", () => draw("pushState"));
  year.addEventListener("change", () => draw("pushState"));
  // A link to a part of the page is a step in the history, too, and chooses nothing.
  addEventListener("popstate", () => (isChoice() || !location.hash) && read());
}

function showTitles() {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  document.addEventListener("pointerover", (event) => {
    const title = event.target.closest?.(".chart path, .chart rect, .outlines path")?.querySelector("title");
    tip.hidden = !title;
    if (title) tip.textContent = title.textContent;
  });
  // A title is shown when pointed at, but not when a key has led to it.
  document.addEventListener("focusin", (event) => {
    const title = event.target.matches?.("td a[title], th a[title]") && event.target.matches(":focus-visible") && event.target.title;
    tip.hidden = !title;
    if (!title) return;
    tip.textContent = title;
    const box = event.target.getBoundingClientRect();
    tip.style.left = `${Math.min(scrollX + box.left, document.documentElement.clientWidth - 200)}px`;
    tip.style.top = `${scrollY + box.bottom + 6}px`;
  });
  document.addEventListener("focusout", () => { tip.hidden = true; });
  document.addEventListener("pointermove", (event) => {
    tip.style.left = `${Math.min(event.pageX + 12, document.documentElement.clientWidth - 200)}px`;
    tip.style.top = `${event.pageY + 14}px`;
  });
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const around = target.closest("details.absent");
  if (around) { around.open = true; target.scrollIntoView(); }
  for (const details of target.querySelectorAll("details.rows")) details.open = true;
}

// Says above a table that it goes on beyond the edge.
function tellWideTables() {
  const sizes = new ResizeObserver((entries) => {
    const wide = entries.map(({ target }) => [target.closest("details"), target.scrollWidth > target.clientWidth + 1]);
    for (const [details, is] of wide) details?.classList.toggle("sideways", is);
  });
  for (const scroll of document.querySelectorAll(".rows > .scroll")) sizes.observe(scroll);
}

// Paper has the short tables and those that are open; afterwards the page is as it was.
const openedForPaper = [];
function openForPaper() {
  for (const details of document.querySelectorAll(".rows.brief:not([open]), .sources:not([open]), .about:not([open])")) {
    details.open = true;
    openedForPaper.push(details);
  }
}

function closeAfterPaper() {
  for (const details of openedForPaper.splice(0)) details.open = false;
}

sortTables();
searchTables();
chooseOnMap();
showTitles();
openTarget();
tellWideTables();
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", printHeadings);
addEventListener("afterprint", sortTables);
addEventListener("beforeprint", openForPaper);
addEventListener("afterprint", closeAfterPaper);
