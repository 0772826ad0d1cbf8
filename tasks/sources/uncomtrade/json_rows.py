"""JSON answers of UN Comtrade's APIs, read one row at a time: an answer may have 250,000 of them."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tasks.archive import json_text
from tasks.archive.store import Opened
from tasks.formats import csv_text
from tasks.sources.uncomtrade import fields, relations
from warehouse.errors import ErrorInBody, LayoutChanged

#: The most rows of one answer: without a key, with a free key, with a paid one.
PREVIEW_LIMIT, KEYED_LIMIT, PREMIUM_LIMIT = 500, 100_000, 250_000

#: How many characters of a JSON text are read at a time.
_CHUNK = 1 << 20
_DECODER = json_text.decoder()

Row = dict[str, Any]


class Damaged(LayoutChanged):
    """A JSON text that is not a list of rows, ends early, or has another number of rows than it states."""


def rows(path: Path, array: str, *, is_counted: bool = True, where: str | None = None) -> Iterator[Row]:
    """The objects of an array of a JSON text's top object, one at a time; numbers stay text as printed.

    ``where`` names the text in errors. Raises Damaged for a text that is not that or ends early, and, if ``is_counted``, for
    an answer whose ``count`` is not the number of its rows; ErrorInBody for one whose ``error`` says something.
    """
    name = where or path.name
    with path.open(encoding="utf-8-sig") as file:
        text = file.read(_CHUNK)
        start = re.search(rf'"{array}"\s*:\s*\[', text)
        if start is None:
            raise Damaged(f"no list of rows named {array} in the JSON text: {name}")
        before, at, number = text[: start.end()], start.end(), 0
        while True:
            at = _past_commas(text, at)
            if text[at : at + 1] == "]":
                break
            try:
                row, at = _DECODER.raw_decode(text, at)
            except json.JSONDecodeError as fault:
                more = file.read(_CHUNK)
                if not more:
                    raise Damaged(f"the JSON text is cut or damaged after {number} rows: {name}") from fault
                text, at = text[at:] + more, 0
                continue
            except ValueError as fault:  # NaN, which is not JSON
                raise Damaged(f"the JSON text is damaged after {number} rows: {name}. {fault}") from fault
            except json_text.StatedTwice as fault:
                raise json_text.stated_twice(fault.key, f"{name}, row {number + 1}") from None
            if not isinstance(row, dict):
                raise Damaged(f"{array} has something else than rows: {name}")
            number += 1
            yield row
        _check_envelope(before + text[at:] + file.read(), number if is_counted else None, name)


def relation(opened: Opened, layout: str, where: str) -> str:
    """A FROM clause of the totals of an answer in our names. Raises LayoutChanged."""
    if layout == "legacy-json":
        cells = legacy_cells(rows(opened.path, "dataset", where=where), where)
    else:
        cells = api_cells(rows(opened.path, "data", where=where), where)
    columns = relations.columns(layout)
    return relations.totals(opened, opened.table(columns, cells), {name: name for name in columns}, layout)


def api_cells(api_rows: Iterator[Row], where: str) -> Iterator[list[str | None]]:
    """Rows of API v1 as text in the order of API_FIELDS. Raises LayoutChanged for missing or unknown fields."""
    return _cells(api_rows, fields.API_FIELDS, fields.API_REQUIRED, where)


def legacy_cells(legacy_rows: Iterator[Row], where: str) -> Iterator[list[str | None]]:
    """Rows of the legacy API as text in the order of LEGACY_FIELDS. Raises LayoutChanged for missing or unknown fields."""
    return _cells(legacy_rows, fields.LEGACY_FIELDS, fields.LEGACY_REQUIRED, where)


def _past_commas(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in ", \t\r\n":
        at += 1
    return at


def _check_envelope(envelope: str, number: int | None, name: str) -> None:
    """Raise Damaged or ErrorInBody for an envelope, without its rows, that states an error or another number of rows."""
    try:
        parsed = json_text.parse(envelope, name)
    except ValueError as fault:
        raise Damaged(f"the JSON text is damaged around its rows: {name}") from fault
    if parsed.get("error"):
        raise ErrorInBody(f"the answer states an error: {name}. {str(parsed['error'])[:300]}")
    count = parsed.get("count", parsed.get("validation", {}).get("count", {}).get("value"))
    if number is not None and count is not None and count != str(number):
        raise Damaged(
            f"it states {count} rows, but has {number}: {name}. It was cut, or put together of several answers"
        )


def _cells(
    answer_rows: Iterator[Row], order: Sequence[str], required: Sequence[str], where: str
) -> Iterator[list[str | None]]:
    known, needed = set(order), set(required)
    for number, row in enumerate(answer_rows, start=1):
        if not needed <= row.keys() <= known:
            optional = [name for name in order if name not in needed]
            csv_text.check_columns(list(row), required, optional, where=where, what=f"row {number}")
        yield [_text(row.get(name)) for name in order]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
