"""Tables exported by hand from National Data, of the old site and the new, as text or as workbooks.

Old site: GB18030, lines 数据库, 指标 (with the unit) and 时间 before the header, notes and 数据来源 after the data. New
site: UTF-8 with a byte order mark, a tab before every comma, a trailing empty column and no line 指标. Either may list
regions for one indicator or indicators for one region (地区 before the header). Some have lost all lines but the header.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tasks.contract.source import RefusedForm
from tasks.sources._shared import workbooks
from tasks.sources.chn_nbs import catalogue, figures
from tasks.sources.chn_nbs.figures import Figure
from warehouse.errors import LayoutChanged

#: An export is a table of some thousand cells: a larger file is not read whole to recognise it.
MOST_BYTES = 16 * 1024 * 1024
_PREAMBLE = re.compile(r"^(数据库|指标|时间|地区)[：:]\s*(.*)$")
_FOOTER = re.compile(r"^\s*(注|数据来源)\s*[：:]")
_AXES = ("地区", "指标")
#: The header's first cell in a transposed export.
_PERIODS_DOWN = "时间"
#: A date the collector of the file noted in its name: gdp_retrieved2025.xls, gdp_retrieved2025-03-29.csv.
_RETRIEVED = re.compile(r"retrieved[_-]?(\d{4}(?:-\d{2}-\d{2})?)", re.IGNORECASE)
_CREATED = re.compile(r"<dcterms:created[^>]*>(\d{4}-\d{2}-\d{2})T")
#: All of the mainland: with fewer regions, some provinces are missing.
_PROVINCES = 31


@dataclass(frozen=True)
class Export:
    """An export: the lines above its header by their keys, its header, and its rows of text.

    ``axis`` is what each row is of: 地区, a region, or 指标, an indicator.
    """

    preamble: dict[str, str]
    axis: str
    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def database(self) -> str:
        """The database; exports without the line are provinces by year, which their regions must show."""
        return self.preamble.get("数据库", "分省年度数据")


def parse(rows: list[list[str]], where: str) -> Export | None:
    """The export that rows of text are; None for other text. Raises LayoutChanged for one without a header."""
    preamble: dict[str, str] = {}
    for at, row in enumerate(rows):
        if match := _PREAMBLE.match(row[0] if row else ""):
            preamble[match[1]] = match[2].strip()
        elif row and row[0] in _AXES and all(figures.period(p, "") for p in row[1:]) and len(row) > 1:
            body, notes = _body(rows[at + 1 :], len(row), where)
            return Export(preamble, row[0], tuple(row[1:]), body, notes)
        elif row and row[0] == _PERIODS_DOWN and "数据库" in preamble and len(row) > 1:
            body, notes = _body(rows[at + 1 :], len(row), where)
            return _turned(preamble, tuple(row[1:]), body, notes)
        elif any(row):
            break
    if "数据库" in preamble:
        raise LayoutChanged(
            f"an export of National Data with no header of 地区 or 指标 and periods: {where}. Export it again"
        )
    return None


def _turned(
    preamble: dict[str, str],
    header: tuple[str, ...],
    body: tuple[tuple[str, tuple[str, ...]], ...],
    notes: tuple[str, ...],
) -> Export:
    """An export that the site transposed (转置), with the periods down and what the figures are of across."""
    rows = tuple((name, tuple(cells[at] for _, cells in body)) for at, name in enumerate(header))
    return Export(preamble, "地区" if "指标" in preamble else "指标", tuple(period for period, _ in body), rows, notes)


def _body(
    rows: list[list[str]], width: int, where: str
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
    body: list[tuple[str, tuple[str, ...]]] = []
    notes: list[str] = []
    for row in rows:
        if notes or (row and _FOOTER.match(row[0])):
            notes.append("".join(row).strip())
        elif any(row):
            if len(row) != width:
                raise LayoutChanged(
                    f"the row {row[0]!r} has {len(row)} cells, the header {width}: {where}. Export the table again"
                )
            body.append((row[0], tuple(row[1:])))
    return tuple(body), tuple(n for n in notes if n)


REGION_UNKNOWN = RefusedForm(
    "Exports of the new site that list indicators of one region",
    "for they do not say of which",
    "Write 地区：… above the header",
)


def read(path: Path, kind: str, where: str) -> list[list[str]]:
    """The rows of a text or of a workbook's first sheet; cells without surrounding space, the empty last ones cut off.

    Raises LayoutChanged for a damaged workbook.
    """
    rows = _sheet(path, where) if kind in ("xls", "xlsx") else _text(path.read_bytes())
    return _squared([_without_last(row) for row in rows])


def _text(data: bytes) -> list[list[str]]:
    # UTF-8 is tried on the whole text first: its first bytes do not show it, and GB18030 decodes almost anything.
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _sheet(path: Path, where: str) -> list[list[str]]:
    rows = next(iter(workbooks.sheets(path, where).values()), [])
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: object) -> str:
    """A cell of a workbook as text: a whole number without .0, as it was printed."""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


def _without_last(row: list[str]) -> list[str]:
    """A row without its one trailing empty column, where the new site adds one; padding of workbooks stays."""
    return row[:-1] if len(row) > 1 and not row[-1] and row[0] in (*_AXES, _PERIODS_DOWN) else row


def _squared(rows: list[list[str]]) -> list[list[str]]:
    """Rows cut to the width of the header, if everything that is cut off is empty."""
    width = next((len(r) for r in rows if r and r[0] in (*_AXES, _PERIODS_DOWN)), None)
    if width is None:
        return rows
    return [r[:width] if not any(r[width:]) else r for r in rows]


def stamp(filename: str, path: Path, kind: str) -> str | None:
    """When it was retrieved from the site, a year or an ISO date: by the file's name, else the day a workbook was created."""
    if match := _RETRIEVED.search(filename):
        return match[1]
    if kind != "xlsx":
        return None
    try:
        with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as file:
            created = _CREATED.search(file.read(65536).decode("utf-8", errors="replace"))
    except (KeyError, OSError, zipfile.BadZipFile):
        return None
    return created[1] if created else None


def indicator(export: Export, where: str) -> tuple[str, str | None]:
    """The one indicator's name and unit: as the file states them, else by the nation's totals. Raises LayoutChanged."""
    if printed := export.preamble.get("指标"):
        return _named(printed, where)
    series = catalogue.by_totals(_sums(export))
    if series is None:
        raise LayoutChanged(
            "the export does not say which indicator it is of, and its sums over the provinces fit none of the national totals "
            f"that are known: {where}. Write its line above the header, as in 指标：地区生产总值(亿元)"
        )
    return series


def _named(printed: str, where: str) -> tuple[str, str | None]:
    """Name and unit of an indicator; the unit may be missing where nobody has said yet what the indicator is. Raises LayoutChanged."""
    name, unit = catalogue.split_unit(printed)
    if unit is None and catalogue.meaning_of(name):
        raise LayoutChanged(
            f"the indicator {printed} has no unit: {where}. Write it behind the name, as in 地区生产总值(亿元)"
        )
    return name, unit


def _sums(export: Export) -> dict[str, Decimal]:
    """Sums over all provinces, of the years in which each has a figure."""
    sums = {}
    for at, printed in enumerate(export.periods):
        numbers = [catalogue.number(cells[at]) for _, cells in export.rows]
        known = [n for n in numbers if n is not None]
        if len(known) == len(numbers) == _PROVINCES:
            sums[printed.rstrip("年")] = sum(known, Decimal())
    return sums


def figures_of(export: Export, where: str) -> Iterator[Figure]:
    """The figures in the order of rows and columns; an empty cell is not a figure. Raises LayoutChanged."""
    level, dataset = figures.of_database(export.database, where)
    if export.axis == "地区":
        name, unit = indicator(export, where)
        for region, cells in export.rows:
            yield from _row(export, dataset, (name, unit), (region, level), cells)
        return
    place = export.preamble.get("地区") or ("中国" if level == "nation" else None)
    if place is None:
        raise REGION_UNKNOWN.fault(where)
    for printed, cells in export.rows:
        yield from _row(export, dataset, _named(printed, where), (place, level), cells)


def _row(
    export: Export, dataset: str, series: tuple[str, str | None], region: tuple[str, str], cells: tuple[str, ...]
) -> Iterator[Figure]:
    for printed, value in zip(export.periods, cells, strict=True):
        at = figures.period(printed, series[0])
        if value and at:
            yield Figure(dataset, series[0], None, region[0], None, region[1], at, value, series[1])
