// Runs after sql.js and hyparquet in the worker of the page Ask: Parquet files become tables of SQLite, and queries are answered.
"use strict";

const ROWS_AT_ONCE = 50000;
let database = null;

// A column of a mart as the page knows it, or one of any other file as it is found there: a structure gives a column for each of its fields.
function columnsOf(metadata) {
  const elements = metadata.schema.slice(1);
  const columns = [];
  for (let i = 0; i < elements.length; i++) {
    const { name, num_children: fields, converted_type: kind } = elements[i];
    const isStructure = fields && !["LIST", "MAP"].includes(kind);
    if (isStructure) for (const field of elements.slice(i + 1, i + 1 + fields)) columns.push({ name: `${name}_${field.name}`, of: name, field: field.name, is_decimal: field.converted_type === "DECIMAL" });
    else columns.push({ name, of: name, is_decimal: kind === "DECIMAL" });
    i += below(elements, i);
  }
  return columns;
}

function below(elements, index) {
  let number = 0;
  for (let i = 0; i < (elements[index].num_children ?? 0); i++) number += 1 + below(elements, index + 1 + number);
  return number;
}

// An exact number comes as the nearest fraction but one: with 15 digits it is what was printed.
function written(value, isDecimal) {
  switch (typeof value) {
    case "undefined": return null;
    case "bigint": return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "boolean": return Number(value);
    case "number": return isDecimal ? Number(value.toPrecision(15)) : value;
    case "object":
      if (value instanceof Date) return value.toISOString().replace("T00:00:00.000Z", "").replace("T", " ").replace(/\.?0*Z$/, "");
      return value === null ? null : JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part));
    default: return value;
  }
}

async function fill({ name, parquet, columns }) {
  const metadata = hyparquet.parquetMetadata(parquet);
  const into = columns ?? columnsOf(metadata);
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  database.run(`DROP TABLE IF EXISTS ${quoted(name)}`);
  database.run(`CREATE TABLE ${quoted(name)} (${into.map((c) => `${quoted(c.name)} ${c.kind ?? ""}`).join(", ")})`);
  const statement = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${into.map(() => "?").join(", ")})`);
  database.run("BEGIN");
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, total);
    await hyparquet.parquetRead({ file: parquet, metadata, rowStart, rowEnd, columns: [...new Set(into.map((c) => c.of))], rowFormat: "object", onComplete: (rows) => {
      for (const row of rows) statement.run(into.map((c) => written(c.field ? row[c.of]?.[c.field] : row[c.of], c.is_decimal)));
    } });
  }
  statement.free();
  database.run("COMMIT");
  return total;
}

self.onmessage = async ({ data }) => {
  try {
    database ??= new (await sqlModuleReady).Database();
    postMessage(data.parquet ? { rows: await fill(data) } : { results: database.exec(data.sql) });
  } catch (fault) {
    postMessage({ error: fault.message });
  }
};
