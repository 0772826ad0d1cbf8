"""Records of UN Comtrade in our names, and the totals among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.archive.store import Opened
from tasks.contract.source import render_beside
from tasks.sources.uncomtrade import fields

#: Why a record that breaks a total of its file down is not loaded.
BREAKDOWN = "a breakdown of a total by second partner, customs procedure or transport"
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
    named = render_beside(__package__ or "", "records.sql", records=records, cells=cells)
    query = render_beside(__package__ or "", "totals.sql", records=named, cell=shape.cell, is_total=shape.is_total)
    return f"({query})"


def _shape(layout: str) -> _Shape:
    return _LEGACY if layout.startswith("legacy") else _API
