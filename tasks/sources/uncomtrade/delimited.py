"""Delimited files of UN Comtrade: CSV of Comtrade Plus and of comtradr, bulk files, CSV of the API of before 2023."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.archive.store import Opened
from tasks.formats import csv_text
from tasks.sources._shared import workbooks
from tasks.sources.uncomtrade import fields, relations
from warehouse.errors import LayoutChanged

#: What a header is called in an error.
_WHAT = "almost a file of UN Comtrade, but the header"


@dataclass(frozen=True)
class Header:
    """What the first line of a delimited file says: its layout, and for each field our name, None for an index."""

    layout: str
    delimiter: str
    columns: tuple[str | None, ...]


def header_of(line: str, where: str) -> Header | None:
    """The header of a delimited file by its first line; None if it is not UN Comtrade's.

    Raises LayoutChanged for a header with most of UN Comtrade's names and one too few or too many.
    """
    delimiter = "\t" if "\t" in line else ","
    return _header([name.strip() for name in csv_text.cells(line, delimiter)], delimiter, where)


def header_of_row(row: Sequence[Any], where: str) -> Header | None:
    """The header of a sheet by its first row, as header_of; the layout ends in -xlsx."""
    header = _header([str(cell).strip() for cell in row], ",", where)
    return header and replace(header, layout=f"{'legacy' if header.layout == 'legacy-csv' else 'plus'}-xlsx")


def _header(names: list[str], delimiter: str, where: str) -> Header | None:
    if names and not names[-1]:
        names = names[:-1]  # every line of a Comtrade Plus file ends with a comma
    known = [field for name in names if (field := fields.api_field(name))]
    if len(known) <= len(fields.API_REQUIRED) // 2:
        return _legacy_header(names, delimiter, where)
    columns = [fields.api_field(name) or name for name in names]
    csv_text.check_columns(columns, fields.API_REQUIRED, fields.API_OPTIONAL, where=where, what=_WHAT)
    layout = "bulk-tsv" if delimiter == "\t" else "snake-csv" if "_" in "".join(names) else "plus-csv"
    return Header(layout, delimiter, tuple(fields.our_name(column) for column in columns))


def _legacy_header(names: list[str], delimiter: str, where: str) -> Header | None:
    by_name = {name: name for name in fields.LEGACY_FIELDS} | {h: name for name, h in fields.LEGACY_HEADINGS.items()}
    if sum(name in by_name for name in names) <= len(fields.LEGACY_FIELDS) // 2:
        return None
    columns = [by_name.get(name, name) for name in names]
    named = columns[1:] if columns[0] == "" else columns  # a table written by pandas begins with its index
    csv_text.check_columns(named, fields.LEGACY_REQUIRED, fields.LEGACY_OPTIONAL, where=where, what=_WHAT)
    ours = tuple(fields.our_legacy_name(column) if column else None for column in columns)
    return Header("legacy-csv", delimiter, ours)


def relation(opened: Opened, layout: str, where: str) -> str:
    """A FROM clause of the totals of a delimited file in our names. Raises LayoutChanged.

    Records of Comtrade Plus have one field more than the header names: by position they are right, and read so; what
    is in the further field is kept as ``surplus``, where the schema refuses anything.
    """
    with opened.path.open(encoding="utf-8-sig", newline="") as file:
        first, second = file.readline(), file.readline()
    header = header_of(first, where)
    if header is None or header.layout != layout:
        raise LayoutChanged(f"the header is no longer that of {layout}: {where}")
    named, width = len(header.columns), len(csv_text.cells(second, header.delimiter))
    if second and width not in (named, named + 1):
        raise LayoutChanged(f"the header names {named} fields, the first record has {width}: {where}")
    columns = [f"f{n}" for n in range(width or named)]
    expressions = {name: f'"{columns[n]}"' for n, name in enumerate(header.columns) if name}
    if width > named:
        expressions[relations.SURPLUS] = f'"{columns[-1]}"'
    quote = "" if header.delimiter == "\t" else '"'
    records = csv_text.relation(opened.path, columns, delimiter=header.delimiter, quote=quote)
    return relations.totals(opened, records, expressions, layout)


def workbook_relation(opened: Opened, layout: str, where: str) -> str:
    """A FROM clause of the totals of a workbook's first sheet in our names. Raises LayoutChanged."""
    first, *rows = next(iter(workbooks.sheets(opened.path, where).values()), [[]])
    header = header_of_row(first, where)
    if header is None or header.layout != layout:
        raise LayoutChanged(f"the header is no longer that of {layout}: {where}")
    columns = tuple(f"f{n}" for n in range(len(first)))
    records = opened.table(columns, ([workbooks.text(cell) or None for cell in row] for row in rows))
    expressions = {name: f'"{column}"' for column, name in zip(columns, header.columns, strict=False) if name}
    if len(columns) > len(header.columns):
        expressions[relations.SURPLUS] = f'"{columns[-1]}"'
    return relations.totals(opened, records, expressions, layout)
