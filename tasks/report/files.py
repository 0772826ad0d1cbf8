"""The files beside an exhibit: its rows as CSV and Parquet, its query, and what is to be known of them."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from tasks.report import results
from tasks.report.model import Exhibit, Page
from tasks.report.results import Result
from warehouse.sql import quoted


def write(
    con: duckdb.DuckDBPyConnection, site: Path, page: Page, result: Result, takeaway: str, as_of: dict[str, Any]
) -> None:
    """Write the files of the exhibit that was run last: slug.csv, slug.parquet, slug.sql and slug.metadata.json into the folder of the page. The CSV file is UTF-8 with a mark for Excel."""
    exhibit, folder = result.exhibit, site / page.folder
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / exhibit.slug
    csv = stem.with_suffix(".csv")
    con.execute(f"COPY (FROM {results.TABLE}) TO {quoted(str(csv))} (HEADER, NULLSTR '')")
    csv.write_bytes(b"\xef\xbb\xbf" + csv.read_bytes())
    con.execute(
        f"COPY (FROM {results.TABLE}) TO {quoted(str(stem.with_suffix('.parquet')))} (FORMAT parquet, COMPRESSION zstd)"
    )
    stem.with_suffix(".sql").write_text(exhibit.sql.strip() + "\n", encoding="utf-8")
    metadata = describe(page, result, takeaway, hashlib.sha256(csv.read_bytes()).hexdigest(), as_of)
    text = json.dumps(metadata, ensure_ascii=False, indent=1, default=str)
    stem.with_name(f"{exhibit.slug}.metadata.json").write_text(text + "\n", encoding="utf-8")


def describe(page: Page, result: Result, takeaway: str, csv_sha256: str, as_of: dict[str, Any]) -> dict[str, Any]:
    """What slug.metadata.json says of an exhibit."""
    exhibit = result.exhibit
    return {
        "title": exhibit.title,
        "takeaway": takeaway,
        "page": page.path,
        "concept": exhibit.concept or None,
        "notes": list(exhibit.notes),
        "columns": [_column(exhibit, name) for name in result.columns],
        "rows": len(result.rows),
        "csv_sha256": csv_sha256,
        "sources": [asdict(source) for source in result.sources],
        **as_of,
        "cite_as": f"Entrepôt, {exhibit.title}, release {as_of['release']}; sources: "
        + "; ".join(dict.fromkeys(source.publisher for source in result.sources)),
    }


def _column(exhibit: Exhibit, name: str) -> dict[str, Any]:
    shown = {column.name: column for column in exhibit.columns}.get(name)
    if shown is None:
        return {"name": name}
    return {"name": name, "label": shown.label, "shown_in": shown.unit or None, "shown_divided_by": shown.divisor}
