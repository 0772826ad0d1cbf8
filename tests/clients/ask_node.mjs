// Node's @duckdb/node-api.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2], { access_mode: "READ_ONLY" });
const con = await instance.connect();
const rows = async (sql) => (await con.runAndReadAll(sql)).getRowsJson();
const where = "FROM trade WHERE reporter = 'CHN' AND year = 2019";
const marts = (await rows("SHOW TABLES")).map(([name]) => name).sort();
const columns = (await rows("DESCRIBE trade")).map(([name]) => name);
const [[total]] = await rows(`SELECT sum(exports_usd) ${where}`);
const provenances = (await rows(`SELECT exports_from ${where} AND exports_from IS NOT NULL`)).flat();
const publisher = provenances.map((provenance) => provenance.publisher).sort().at(-1);
console.log(JSON.stringify({ marts, columns, total, publisher }));
