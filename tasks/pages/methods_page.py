"""The page of reconciliation methods, docs/trade_by_method.md: what each does, and what it makes of the trade of Japan and China.

It is made of a published file: ``python -m tasks.pages.methods_page FILE > docs/trade_by_method.md``.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb

from schemas.reconciliation import LEAST_PAIRS, LEAST_PARTNERS, METHODS
from tasks.pages.source_pages import cell

YEARS = range(2011, 2023)
PAIRS = (("JPN", "CHN", "Japan's exports to China"), ("CHN", "JPN", "China's exports to Japan"))
#: What a cell says of weights that are not the method's own.
_MARKS = {"default": "default", "one report alone": "alone"}
_QUERY = """
SELECT t.year, t.export_usd, t.import_usd, m.export_from.dataset, m.import_from.dataset, t.reconciliation_method, t.value_usd, t.weight_basis, t.value_is_seam
FROM mart.trade_by_method AS t
JOIN mart.mirror_trade AS m ON m.exporter = t.exporter AND m.importer = t.importer AND m.year = t.year AND m.product = 'TOTAL'
WHERE t.exporter = $1 AND t.importer = $2 AND t.year BETWEEN $3 AND $4
ORDER BY t.year
"""


def page(con: duckdb.DuckDBPyConnection) -> str:
    """The text of the page. ``con`` reads a published file."""
    return "\n".join(_lines(con)) + "\n"


def _lines(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield "# One figure of two: trade by method"
    yield ""
    yield "The exporter and the importer each publish what was traded, and the two differ (`mirror_trade`). `trade_by_method` has one figure by each of the"
    yield "methods below, with both inputs, the freight that was taken off and the weight of the exporter's figure. No method is right for all:"
    yield "choose one, and name it. For China and Japan the habit is `both_import`, since goods through Hong Kong are known by their origin to the importer only."
    yield ""
    yield "| method | version | rule | after |"
    yield "|---|---|---|---|"
    for method in METHODS:
        yield f"| `{method.name}` | {method.version} | {cell(method.rule)} | {cell(method.origin)} |"
    yield ""
    yield f"A method that estimates weights needs at least {LEAST_PARTNERS} partners with figures of both sides, of the exporter and of the importer, in the year;"
    yield "with fewer, both sides weigh alike, and `weight_basis` says `default`. Freight by distance needs so many exporters and importers, too, and"
    yield f"{LEAST_PAIRS} pairs and years with both figures; `cif_rate` says what was taken off, and `freight_basis` where that comes from. A value of one report"
    yield "alone (`weight_basis`) is reconciled with nothing. Imports whose valuation is not on record are taken as CIF, and the row says so."
    yield "`value_is_seam` marks a value that is made otherwise than that of the year before: of another side, with freight in it or without, or of another"
    yield "dataset."
    for exporter, importer, title in PAIRS:
        yield from _table(con, exporter, importer, title)
    yield ""
    yield "*default*: both sides weigh alike, since the figures loaded do not suffice to estimate weights. *alone*: one side's report, reconciled with nothing."
    yield "*seam*: made otherwise than the year before, so that the step is no growth."
    yield ""
    yield "Thousand US dollars; figures in other currencies are converted at the year's average rate. The table is made by"
    yield "`python -m tasks.pages.methods_page FILE` of a published file with the datasets that its columns name; the figures that come with the project"
    yield "give the importers' side, and of the exporters' that of China in 2017 alone."


def _table(con: duckdb.DuckDBPyConnection, exporter: str, importer: str, title: str) -> Iterator[str]:
    names = [method.name for method in METHODS]
    yield ""
    yield f"## {title}"
    yield ""
    yield f"| year | exporter's figure | importer's figure | {' | '.join(f'`{name}`' for name in names)} | of |"
    yield f"|---|{'---:|' * (len(names) + 2)}---|"
    rows = con.execute(_QUERY, [exporter, importer, YEARS[0], YEARS[-1]]).fetchall()
    for year in dict.fromkeys(row[0] for row in rows):
        of_year = [row for row in rows if row[0] == year]
        _, exported, imported, export_dataset, import_dataset, *_ = of_year[0]
        by_method = {row[5]: _cell(*row[6:]) for row in of_year}
        amounts = [_published(exported), _published(imported), *(by_method[name] for name in names)]
        datasets = " and ".join(f"`{name}`" for name in (export_dataset, import_dataset) if name)
        yield f"| {year} | {' | '.join(amounts)} | {datasets} |"


def _published(amount: Decimal | None) -> str:
    return "none loaded" if amount is None else _thousands(amount)


def _cell(value: Decimal | None, weight_basis: str | None, is_seam: bool) -> str:
    """A value with what has to be known of it, or why there is none."""
    if value is None:
        return "no import figure"
    marks = [_MARKS[weight_basis]] if weight_basis in _MARKS else []
    return " ".join([_thousands(value), *(f"*{mark}*" for mark in [*marks, *(["seam"] if is_seam else [])])])


def _thousands(amount: Decimal) -> str:
    return f"{amount / 1000:,.0f}"


if __name__ == "__main__":
    with duckdb.connect(str(Path(sys.argv[1])), read_only=True) as reader:
        print(page(reader), end="")  # noqa: T201
