"""Tables of reports that third parties made of UN Comtrade: workbooks of cipf-comtrade, written by pandas.

Places are given by their names; columns that are computed from others (ranks, shares, sums over partners) are left out
by name, and totals as the partners state them are set aside. A table of a country's own products or balance does not say which country it is of; its name does.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.archive.store import SetAside
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

COLUMNS = ("ref_year", "flow_code", "reporter_desc", "partner_desc", "cmd_code", "cmd_desc", "partner_sum")

#: The tables by their header; the first name is empty where pandas wrote its index.
_HEADERS = {
    "report-partners": ("", "refYear", "flowCode", "partnerDesc", "partner_rank", "reporterDesc", "cmdCode", "partner_sum",
                        "partner_perc", "partner_upper_sum"),
    "report-partners-all-goods": ("", "refYear", "flowCode", "partnerDesc", "partner_rank", "reporterDesc", "partner_sum",
                                  "partner_perc", "partner_upper_perc"),
    "report-products": ("refYear", "partnerDesc", "flowCode", "cmdCode", "cmdDesc", "reporterDesc", "cmd_partner_rank",
                        "cmd_partner_sum", "cmd_partner_perc", "cmd_partner_upper_sum"),
    "report-products-of-one": ("refYear", "flowCode", "cmdDesc", "cmdCode", "reporterDesc", "cmd_partner_rank",
                               "cmd_partner_sum", "cmd_partner_perc", "cmd_partner_upper_sum"),
    "report-balance": ("period", "M", "M<X", "X", "X<M", "trade_balance (X-M)", "trade_balance (X<M-M)",
                       "trade_balance (X<M-M<X)", "trade_volume (X+M)", "trade_volume (X<M+M)", "trade_volume (X<M+M<X)",
                       "varM_perc", "varX_perc"),
}  # fmt: skip
_NAMED_BY_FILE = ("report-products-of-one", "report-balance")
_NAME = re.compile(r"^(?P<country>[^_]+)_\d+\.\d")


def layout_of(sheets: dict[str, list[list[Any]]], filename: str) -> str | None:
    """Which of the tables a workbook is; None for any other. Raises LayoutChanged where its name must have the country."""
    rows: list[list[Any]] = next(iter(sheets.values())) if sheets else []
    header = tuple(str(c) for c in rows[0]) if rows else ()
    layout = next((name for name, known in _HEADERS.items() if header == known), None)
    if layout in _NAMED_BY_FILE:
        _country(filename)
    return layout


def records(path: Path, layout: str, filename: str) -> Iterator[list[str | None] | SetAside]:
    """The values of a table in the order of COLUMNS, numbers as the workbook keeps them. Raises LayoutChanged."""
    rows = next(iter(workbooks.sheets(path, f"uncomtrade, {filename}").values()))
    header = tuple(str(c) for c in rows[0])
    if header != _HEADERS[layout]:
        raise LayoutChanged(f"the table's header is no longer that of {layout}: uncomtrade, {filename}")
    for values in rows[1:]:
        row = {name: workbooks.text(value) or None for name, value in zip(header, values, strict=True)}
        yield from _balance(row, filename) if layout == "report-balance" else [_partner(row, layout, filename)]


def _partner(row: dict[str, str | None], layout: str, filename: str) -> list[str | None]:
    partner = _country(filename) if layout in _NAMED_BY_FILE else row["partnerDesc"]
    value = row.get("partner_sum") or row.get("cmd_partner_sum")
    return [
        row["refYear"], row["flowCode"], row["reporterDesc"], partner, row.get("cmdCode", "TOTAL"), row.get("cmdDesc"), value,
    ]  # fmt: skip


def _balance(row: dict[str, str | None], filename: str) -> Iterator[list[str | None] | SetAside]:
    """The country's own imports and exports; what partners state (M<X, X<M) is set aside."""
    for flow in ("M", "X"):
        yield [row["period"], flow, _country(filename), "World", "TOTAL", None, row[flow]]
    for mirrored in ("M<X", "X<M"):
        if row[mirrored]:
            yield SetAside("a total of what all partners state, which is in the tables by partner")


def _country(filename: str) -> str:
    match = _NAME.search(filename)
    if not match:
        raise LayoutChanged(
            f"a table of a report on UN Comtrade, but the name does not say of which country: {filename}. "
            "Name it as in China_1.1_….xlsx"
        )
    return match["country"]
