"""Answers of e-Stat's API 3.0 to getStatsData (JSON): the cells of one table.

A field is an object when there is one and a list when there are more. STATUS 1 is an empty success, 100 and above are
errors, all with HTTP 200. Signs that are printed instead of a figure are explained by the table's own NOTE; ``signs.csv`` gives
the status for its words. A sign that no note explains is quarantined. ``皆無`` is nil.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.formats import numbers
from tasks.sources._shared.tables import rows_beside
from warehouse.errors import ErrorInBody, LayoutChanged, ServiceRefused, Unknown

COLUMNS = (
    "stats_data_id", "table_title", "updated_on", "dimensions", "dimension_names", "area_code", "time_code", "freq", "period",
    "indicator", "mapped_unit", "figure", "printed_figure", "obs_status", "sign_meaning",
)  # fmt: skip
#: Cells that the project keeps (users name others in the vocabulary of the home folder), by table and codes of all dimensions but area and time ("tab=001 cat01=008").
CELLS = {(row["stats_data_id"], row["dimensions"]): row for row in rows_beside(__package__ or "", "tables.csv")}
TABLES = sorted({table for table, _ in CELLS})
EMPTY_SUCCESS = "1"

#: The kind of year in a time code, and what is noted of it where nobody has said that the figure is of one day in the year.
_FISCAL, _FISCAL_NOTE = "10", "of the fiscal year, from April to March"
_SIGNS = [(row["meaning"], row["obs_status"]) for row in rows_beside(__package__ or "", "signs.csv")]
#: What other answers of e-Stat do, by the name of their top object.
_OTHER_ANSWERS = {
    "GET_META_INFO": "describes a table", "GET_STATS_LIST": "lists tables", "GET_DATA_CATALOG": "lists data sets",
}  # fmt: skip
_CELL_FIELD = re.compile(r"@(tab|cat(0[1-9]|1[0-5])|area|time|unit|annotation)|\$")
_QUARTERS = {"0103": 1, "0406": 2, "0709": 3, "1012": 4}

Answer = Mapping[str, Any]


def checked(parsed: Any, filename: str) -> Answer:
    """Parsed JSON as an answer to getStatsData. Raises LayoutChanged if it is not one."""
    try:
        answer = parsed["GET_STATS_DATA"]
        answer["RESULT"]["STATUS"]
    except (KeyError, TypeError) as fault:
        raise LayoutChanged(f"not an answer to e-Stat's getStatsData, it has no {fault}: {filename}") from fault
    return dict(answer)


def table_of(parsed: Any, filename: str) -> Mapping[str, Any]:
    """TABLE_INF of an answer with a table that is kept here. Raises Unknown, LayoutChanged, ErrorInBody, ServiceRefused."""
    for name, purpose in _OTHER_ANSWERS.items():
        if parsed and name in parsed:
            raise Unknown(f"an answer of e-Stat that {purpose} and has no figures: {filename}")
    answer = checked(parsed, filename)
    if status(answer) == EMPTY_SUCCESS:
        raise Unknown(f"e-Stat states that there are no data: {filename}")
    check_status(answer, filename)
    table: Mapping[str, Any] = answer["STATISTICAL_DATA"]["TABLE_INF"]
    return table


def status(answer: Answer) -> str:
    """STATUS of an answer: 0 success, 1 success without data, else an error."""
    return str(answer["RESULT"]["STATUS"])


def check_status(answer: Answer, filename: str) -> None:
    """Raise ServiceRefused for a key that is not accepted, ErrorInBody for any other status but 0."""
    code, words = status(answer), answer["RESULT"].get("ERROR_MSG")
    if code == "100":
        raise ServiceRefused(f"e-Stat does not accept the application id ({words}): {filename}")
    if code != "0":
        raise ErrorInBody(f"e-Stat answers with status {code} ({words}): {filename}")


def title(table: Mapping[str, Any]) -> str:
    """The statistics and the title of a table."""
    printed = table["TITLE"]
    return f"{table['STATISTICS_NAME']}: {printed['$'] if isinstance(printed, dict) else printed}"


def as_list(value: Any) -> list[dict[str, Any]]:
    """A field that is an object when there is one, and a list when there are more, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def rows(answer: Answer, filename: str) -> Iterator[tuple[str | None, ...]]:
    """One row per VALUE, in the order of COLUMNS. Raises LayoutChanged for a value with an unknown field."""
    data = answer["STATISTICAL_DATA"]
    table, names = data["TABLE_INF"], _names(data)
    signs = {note["@char"]: note["$"] for note in as_list(data["DATA_INF"].get("NOTE"))}
    for cell in as_list(data["DATA_INF"].get("VALUE")):
        if unknown := [k for k in cell if not _CELL_FIELD.fullmatch(k)]:
            raise LayoutChanged(f"a value has the unknown {', '.join(unknown)}: {filename}")
        codes = [(k[1:], cell[k]) for k in ("@tab", *sorted(k for k in cell if k.startswith("@cat"))) if k in cell]
        dimensions = " ".join(f"{dimension}={code}" for dimension, code in codes)
        kept = CELLS.get((table["@id"], dimensions), {})
        code_names = ", ".join(names[code] for code in codes if code in names) or None
        figure, obs_status, meaning = _figure(cell["$"], signs)
        is_of_fiscal_year = not kept and cell.get("@time", "")[4:6] == _FISCAL
        notes = [meaning, _annotation(cell, signs), _FISCAL_NOTE if is_of_fiscal_year else None]
        yield (
            table["@id"], title(table), table["UPDATED_DATE"], dimensions, code_names, cell.get("@area", "00000"),
            cell.get("@time"), *_period(cell.get("@time", ""), kept.get("fiscal_years", "calendar")), kept.get("indicator"),
            kept.get("printed_unit") if cell.get("@unit") == kept.get("unit") else None, figure, cell["$"],
            "D" if is_of_fiscal_year and obs_status == "A" else obs_status, "; ".join(filter(None, notes)) or None,
        )  # fmt: skip


def _names(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Names of codes by dimension and code, where the answer brings them (metaGetFlg=Y)."""
    classes = as_list((data.get("CLASS_INF") or {}).get("CLASS_OBJ"))
    return {(o["@id"], c["@code"]): c["@name"] for o in classes for c in as_list(o.get("CLASS"))}


def _annotation(cell: Mapping[str, str], signs: Mapping[str, str]) -> str | None:
    if "@annotation" not in cell:
        return None
    return f"annotation {cell['@annotation']}: {signs.get(cell['@annotation'], 'not explained')}"


def _figure(printed: str, signs: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Figure, status and meaning of the sign; no status for a sign that no note explains, which is quarantined later."""
    meaning = signs.get(printed)
    if meaning is not None:
        obs_status = next((s for words, s in _SIGNS if words in meaning), "O")
        return ("0", "A", meaning) if obs_status == "nil" else (None, obs_status, meaning)
    try:
        number = numbers.read(printed, {})
    except ValueError:
        return None, None, None
    if number.multiplier != 1:
        return None, None, None
    return number.value_text, number.status, f"marks {' '.join(number.marks)}" if number.marks else None


def _period(code: str, fiscal_years: str | None) -> tuple[str | None, str | None]:
    """Frequency and period of a time code; None for one that is neither year, quarter nor month.

    ``fiscal_years``: ``calendar`` where a fiscal year is given as the calendar year in which it begins.
    """
    match = re.fullmatch(r"(\d{4})(00|10)(\d{2})(\d{2})", code)
    if not match:
        return None, None
    year, kind, first, last = match.groups()
    if first + last == "0000":
        return ("A", year) if kind == "00" or fiscal_years == "calendar" else (None, None)
    if kind == "00" and first == last and "01" <= first <= "12":
        return "M", f"{year}-{first}"
    if kind == "00" and first + last in _QUARTERS:
        return "Q", f"{year}-Q{_QUARTERS[first + last]}"
    return None, None
