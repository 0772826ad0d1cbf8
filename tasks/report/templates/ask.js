// The page Ask: SQLite runs in a worker, so that a long query can be stopped. Both are loaded when something is first asked.
"use strict";

const SHOWN = 1000;
const form = document.getElementById("ask");
const field = document.getElementById("ask-sql");
const says = document.getElementById("ask-says");
const stop = document.getElementById("ask-stop");
const result = document.getElementById("ask-result");
let database = null;
let csvAddress = null;

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} is not beside this page`));
    document.head.append(script);
  });
}

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The worker asks for its WebAssembly by an address, which a page from a file may not give: it is answered with the bytes.
function startWorker(program, wasm) {
  const before = `
    let wasm;
    const given = new Promise((resolve) => { wasm = resolve; });
    self.addEventListener("message", (event) => {
      if (!event.data.wasm) return;
      event.stopImmediatePropagation();
      wasm(event.data.wasm);
    });
    self.fetch = async () => new Response(await given, { headers: { "Content-Type": "application/wasm" } });
  `;
  const worker = new Worker(URL.createObjectURL(new Blob([before, program], { type: "text/javascript" })));
  worker.postMessage({ wasm });
  return worker;
}

function asked(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event) => (event.data.error ? reject(new Error(event.data.error)) : resolve(event.data));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ id: 1, ...message });
  });
}

async function open() {
  if (!self.entrepotFigures) {
    says.textContent = "Loading the figures…";
    await Promise.all([load(form.dataset.sqlite), load(form.dataset.figures)]);
  }
  const [program, wasm, figures] = await Promise.all([...self.entrepotSqlite, ...self.entrepotFigures].map(unpacked));
  const worker = startWorker(program, wasm);
  await asked(worker, { action: "open", buffer: figures });
  return worker;
}

function cellOf(value) {
  const cell = document.createElement("td");
  if (typeof value === "number") {
    cell.className = "n";
    cell.textContent = Number.isInteger(value) ? String(value) : value.toLocaleString("en", { maximumFractionDigits: 6, useGrouping: false });
  } else {
    cell.textContent = value === null ? "–" : String(value);
  }
  return cell;
}

function show({ columns, values }) {
  const table = document.getElementById("ask-table");
  const headings = columns.map((name, i) => {
    const heading = document.createElement("th");
    heading.scope = "col";
    if (values.every((row) => row[i] === null || typeof row[i] === "number")) heading.className = "n";
    heading.textContent = name;
    return heading;
  });
  const top = document.createElement("tr");
  top.append(...headings);
  table.tHead.replaceChildren(top);
  table.tBodies[0].replaceChildren(...values.slice(0, SHOWN).map((row) => {
    const shown = document.createElement("tr");
    shown.append(...row.map(cellOf));
    return shown;
  }));
  const quoted = (value) => (value === null ? "" : /[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const csv = [columns, ...values].map((row) => row.map(quoted).join(",")).join("\r\n");
  if (csvAddress) URL.revokeObjectURL(csvAddress);
  csvAddress = URL.createObjectURL(new Blob(["\ufeff", csv, "\r\n"], { type: "text/csv" }));
  document.getElementById("ask-csv").href = csvAddress;
  result.hidden = false;
}

function addressOf(sql) {
  return `#sql=${encodeURIComponent(sql)}`;
}

async function run() {
  const sql = field.value.trim();
  if (!sql) return;
  history.replaceState(null, "", addressOf(sql));
  result.hidden = true;
  try {
    database ??= open();
    const worker = await database;
    says.textContent = "Asking…";
    stop.hidden = false;
    const { results } = await asked(worker, { action: "exec", sql });
    const last = results.at(-1);
    if (!last) {
      says.textContent = "No rows.";
      return;
    }
    show(last);
    const rows = last.values.length;
    says.textContent = `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}${rows > SHOWN ? `, the first ${SHOWN.toLocaleString("en")} shown` : ""}.`;
  } catch (fault) {
    says.textContent = `This query cannot be answered: ${fault.message}`;
    if (!(await Promise.resolve(database).catch(() => null))) database = null;
  } finally {
    stop.hidden = true;
  }
}

async function stopAsking() {
  (await database).terminate();
  database = null;
  stop.hidden = true;
  says.textContent = "Stopped.";
}

function takeFromAddress() {
  const sql = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B")).get("sql");
  if (!sql) return;
  field.value = sql;
  document.getElementById("ask-link").href = addressOf(sql);
  run();
}

form.hidden = false;
document.getElementById("ask-without").hidden = true;
form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
field.addEventListener("input", () => { document.getElementById("ask-link").href = addressOf(field.value.trim()); });
field.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
stop.addEventListener("click", stopAsking);
addEventListener("hashchange", takeFromAddress);
takeFromAddress();
