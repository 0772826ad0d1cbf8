"""Records of UN Comtrade in our names, and the totals among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.archive.store import Opened
from tasks.contract.source import render_beside
from tasks.sources.uncomtrade import fields
from warehouse import sql

#: Why a record that breaks a total of its file down is not loaded.
BREAKDOWN = "a breakdown of a total by second partner, customs procedure or transport"
#: The legacy site's last files have 0 for the code of every flow, and the flow only in letters or words.
_FLOWS_IN_WORDS = {
    "1": ("M", "IMPORT", "IMPORTS"), "2": ("X", "EXPORT", "EXPORTS"), "3": ("RX", "RE-EXPORT", "RE-EXPORTS"),
    "4": ("RM", "RE-IMPORT", "RE-IMPORTS"),
}  # fmt: skip
#: The column for what a record has after its last named field: nothing, unless fields have shifted.
SURPLUS = "surplus"


@dataclass(frozen=True)
class _Shape:
    """Records of one API: our names of its fields, the columns of a cell, and the condition that a record is its total."""

    columns: tuple[str, ...]
    cell: tuple[str, ...]
    is_total: str


_API = _Shape(
    columns=tuple(fields.our_name(field) for field in fields.API_FIELDS),
    cell=(
        "type_code", "freq_code", "classification_code", "is_original_classification", "period_code", "reporter_code",
        "flow_code", "partner1_code", "cmd_code",
    ),
    is_total="partner2_code = '0' AND customs_code = 'C00' AND mot_code = '0' AND mos_code = '0'",
)  # fmt: skip
_LEGACY = _Shape(
    columns=tuple(fields.our_legacy_name(field) for field in fields.LEGACY_FIELDS),
    cell=("pf_code", "period_code", "rg_code", "rt_code", "pt_code", "cmd_code"),
    is_total="coalesce(partner2_code, '0') = '0' AND coalesce(customs_code, 'C00') = 'C00' AND coalesce(mot_code, '0') = '0'",
)


def columns(layout: str) -> tuple[str, ...]:
    """Our names of the fields of a layout, in the order of the publisher's list."""
    return _shape(layout).columns


def totals(opened: Opened, records: str, expressions: Mapping[str, str], layout: str) -> str:
    """A FROM clause of the totals among records, each with the number of records that break it down, which are set aside.

    ``records`` is a FROM clause, ``expressions`` gives for our names the SQL of their text; other columns of the layout are
    NULL. Texts are trimmed, truth is written as true and false. A breakdown whose total is not in the file stays, and is
    quarantined by the schema: nothing says what it is part of.
    """
    opened.chosen_from[BREAKDOWN] = records
    shape = _shape(layout)
    cells = {name: expressions.get(name) for name in (*shape.columns, SURPLUS)}
    if shape is _LEGACY and cells["rg_code"] and cells["rg_desc"]:
        cells["rg_code"] = _flow(cells["rg_code"], cells["rg_desc"])
    named = render_beside(__package__ or "", "records.sql", records=records, cells=cells)
    query = render_beside(__package__ or "", "totals.sql", records=named, cell=shape.cell, is_total=shape.is_total)
    return f"({query})"


def _flow(code: str, words: str) -> str:
    """SQL of a legacy flow's code: as printed, or read from its letters or words where 0 is printed."""
    is_open = f"coalesce(trim({code}), '0') IN ('0', '')"
    cases = " ".join(
        f"WHEN {is_open} AND upper(trim({words})) IN ({', '.join(map(sql.quoted, names))}) THEN {sql.quoted(number)}"
        for number, names in _FLOWS_IN_WORDS.items()
    )
    return f"CASE {cases} ELSE {code} END"


def _shape(layout: str) -> _Shape:
    return _LEGACY if layout.startswith("legacy") else _API
