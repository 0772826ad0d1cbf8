"""Japan Customs' commodity tables: nine-digit codes, with or without country, a year and direction per file.

A record has a triplet of two quantities and a value for each month and for the year so far
(https://www.customs.go.jp/toukei/info/tsdl_e.htm). Which months are published, and at which stage, is stated in the title a
file is fetched under (``stages``); without one, months up to the last one with any value are taken as published, and the
stage is unknown. Nil in a published month is nil.
"""

import codecs
import csv
from pathlib import Path

from tasks.archive.store import Opened
from tasks.formats import csv_text
from tasks.sources.jpn_customs import stages
from tasks.sources.jpn_customs.stages import MONTHS
from warehouse import sql
from warehouse.errors import LayoutChanged

_TRIPLET = ("Quantity1", "Quantity2", "Value")
_FIGURES = tuple(f"{figure}-{month}" for month in ("Year", *MONTHS) for figure in _TRIPLET)
_KEYS = {
    "commodity_by_country": ("Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2"),
    "commodity": ("Exp or Imp", "Year", "HS", "Unit1", "Unit2"),
}
LAYOUTS = tuple(_KEYS)
_HEADERS = {layout: (*keys, *_FIGURES) for layout, keys in _KEYS.items()}


def is_table(first_line: str) -> bool:
    """Whether a line begins like the header of a commodity table."""
    return first_line.lstrip("\ufeff").startswith(('"Exp or Imp"', "Exp or Imp"))


def layout_of(header: str, filename: str) -> str:
    """The layout a header line has. Raises LayoutChanged if it is none of LAYOUTS."""
    columns = csv_text.cells(header)
    for layout, known in _HEADERS.items():
        if tuple(columns) == known:
            return layout
    if "Custom" in columns:
        raise LayoutChanged(
            f"a table by customs office repeats the national figures and is not loaded: {filename}. "
            "Use the commodity or the commodity-by-country table"
        )
    raise LayoutChanged(
        f"the columns are not those of the commodity tables: {filename}. They begin {', '.join(columns[:12])} …"
    )


def relation(opened: Opened) -> str:
    """A FROM clause: each record once for the year so far (month 0) and once for each published month.

    Raises LayoutChanged for text in another encoding than UTF-8 or CP932.
    """
    artifact = opened.artifact
    layout = artifact.layout or ""
    path = opened.scratch / "commodity.csv"
    last_months = _transcribe(opened.path, path)
    known = stages.parse(artifact.publisher_stamp or artifact.filename)
    cases = []
    for flow in ("1", "2"):
        months = [month for direction, month in known if direction == flow]
        until = max(months, default=0) or last_months.get(flow, 0)
        figures = [
            _figures(month, until, known.get((flow, month or until))) for month in range(until + 1 if until else 0)
        ]
        cases.append(f"WHEN {flow!r} THEN [{', '.join(figures)}]" if figures else "")
    every = _figures(0, last_months.get("1") or last_months.get("2") or 1, None)
    keys = {"Exp or Imp": "exp_or_imp", "Year": "statistical_year", "Country": "country_code"}
    named = ", ".join(f'trim("{k}") AS {keys[k]}' for k in _KEYS[layout] if k in keys)
    cases_sql = " ".join(cases).strip()
    figures_sql = f'CASE "Exp or Imp" {cases_sql} ELSE [{every}] END' if cases_sql else f"[{every}]"
    return (
        f"(SELECT {named}, trim(\"HS\", ''' ') AS statistical_code, nullif(trim(\"Unit1\"), '') AS unit_1, "
        f"nullif(trim(\"Unit2\"), '') AS unit_2, f.* FROM (SELECT record, * EXCLUDE (record, months), unnest(months) AS f FROM "
        f"(SELECT row_number() OVER () AS record, *, {figures_sql} AS months FROM {csv_text.relation(path)})) "
        "ORDER BY record, CAST(f.statistical_month AS INTEGER))"
    )


def _figures(month: int, last: int, stage: str | None) -> str:
    """The triplet of a month (0: the year so far) as an SQL struct of texts."""
    name = MONTHS[month - 1] if month else "Year"
    columns = zip(_TRIPLET, ("quantity_1", "quantity_2", "thousand_yen"), strict=True)
    cells = ", ".join(f'{column}: trim("{figure}-{name}")' for figure, column in columns)
    release_stage = sql.quoted(stage) if stage else "CAST(NULL AS VARCHAR)"
    return f"{{statistical_month: '{month}', last_month: '{last}', {cells}, release_stage: {release_stage}}}"


def _transcribe(source: Path, target: Path) -> dict[str, int]:
    """Write the table in UTF-8; return the last month with any value by direction.

    The files are UTF-8 with a byte order mark, or CP932. Raises LayoutChanged for text that is neither.
    """
    with source.open("rb") as file:
        encoding = "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "cp932"
    try:
        with source.open(encoding=encoding, newline="") as file, target.open("w", encoding="utf-8", newline="") as copy:
            copy.writelines(file)
    except UnicodeDecodeError as fault:
        raise LayoutChanged(f"neither UTF-8 nor CP932: {source.name} ({fault})") from fault
    return _last_months(target)


def _last_months(path: Path) -> dict[str, int]:
    """The last month with any value, by direction."""
    last: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            flow = (record["Exp or Imp"] or "").strip()
            for month in range(12, last.get(flow, 0), -1):
                if (record.get(f"Value-{MONTHS[month - 1]}") or "0").strip().strip("0"):
                    last[flow] = month
                    break
    return last
