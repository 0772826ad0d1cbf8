// The page Ask: SQLite and a reader of Parquet run in a worker, so that a long query can be stopped. They are loaded when something is first asked, and
// the Parquet file of a table when a query first names it.
"use strict";

const SHOWN = 1000;
const form = document.getElementById("ask");
const field = document.getElementById("ask-sql");
const says = document.getElementById("ask-says");
const stop = document.getElementById("ask-stop");
const result = document.getElementById("ask-result");
const given = document.getElementById("ask-files");
const tables = JSON.parse(document.getElementById("ask-tables").textContent);
let engine = null;
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
function startWorker(programs, wasm) {
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
  const worker = new Worker(URL.createObjectURL(new Blob([before, ...programs], { type: "text/javascript" })));
  worker.postMessage({ wasm });
  return worker;
}

function asked(worker, message) {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event) => (event.data.error ? reject(new Error(event.data.error)) : resolve(event.data));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(message);
  });
}

async function start() {
  if (!self.entrepotEngine) {
    says.textContent = "Loading SQLite…";
    await load(form.dataset.engine);
  }
  const [wasm, ...programs] = await Promise.all(self.entrepotEngine.map(unpacked));
  return { worker: startWorker(programs, wasm), filled: new Set() };
}

// The tables that a query names and SQLite does not have yet.
async function fill({ worker, filled }, sql) {
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  for (const [name, { columns, address }] of Object.entries(tables)) {
    if (!words.has(name) || filled.has(name)) continue;
    says.textContent = `Reading ${name}.parquet…`;
    if (!self.entrepotParquet?.[name]) await load(address);
    const parquet = Uint8Array.from(atob(self.entrepotParquet[name]), (c) => c.charCodeAt(0)).buffer;
    await asked(worker, { name, parquet, columns });
    filled.add(name);
  }
}

async function takeFiles() {
  try {
    engine ??= start();
    const { worker, filled } = await engine;
    const taken = [];
    for (const file of given.files) {
      const name = file.name.replace(/\.parquet$/i, "").replace(/\W+/g, "_").toLowerCase();
      says.textContent = `Reading ${file.name}…`;
      const { rows } = await asked(worker, { name, parquet: await file.arrayBuffer() });
      filled.add(name);
      taken.push(`${name} with ${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`);
    }
    says.textContent = `Tables: ${taken.join("; ")}.`;
  } catch (fault) {
    says.textContent = `This file cannot be read: ${fault.message}`;
  }
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
    engine ??= start();
    const { worker, filled } = await engine;
    await fill({ worker, filled }, sql);
    says.textContent = "Asking…";
    stop.hidden = false;
    const { results } = await asked(worker, { sql });
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
    if (!(await Promise.resolve(engine).catch(() => null))) engine = null;
  } finally {
    stop.hidden = true;
  }
}

async function stopAsking() {
  (await engine).worker.terminate();
  engine = null;
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
given.addEventListener("change", takeFiles);
addEventListener("hashchange", takeFromAddress);
takeFromAddress();
