"""Japan Customs' time series: thousand yen, in CP932, by month or year.

Title lines precede the header ``Years/Months,Exp-Total,Imp-Total``. Months to come are printed as 0: what follows the last
figure of an area that is not nil is not published yet and gives no rows. ``-`` among the published is a missing figure. A
third party's copy of a series has no titles.
"""

import csv
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.sources._shared.tables import rows_beside
from warehouse.errors import LayoutChanged

#: The page that lists the time series, on Japan Customs' own site.
PAGE = "https://www.customs.go.jp/toukei/suii/html/time_e.htm"
COLUMNS = ("partner", "area", "survey_month", "heading", "thousand_yen", "no_figure")
Row = tuple[str | None, ...]

_AREAS = {row["printed"]: row["place"] for row in rows_beside(__package__ or "", "areas.csv")}
_HEADER = re.compile(r"Years(/Months)?(,(Exp|Imp)-[^,]+)+")
#: Header and titles of a time series are in its first lines.
_HEAD_LINES = 12
_NIL = {"", "0", "-"}


def title_of(sniffed: Sniffed) -> str | None:
    """The title of a time series; None for another file. Raises LayoutChanged for a title without known unit."""
    at = _header_position(sniffed.lines)
    if at is None:
        return None
    return _title(sniffed.head.decode("cp932", errors="replace").splitlines()[:at], sniffed.filename)


def rows(path: Path, filename: str) -> Iterator[Row]:
    """One row per published month and column, in the order of COLUMNS. Raises LayoutChanged, UnicodeDecodeError."""
    lines = path.read_bytes().decode("cp932").splitlines()
    at = _header_position(lines)
    if at is None:
        raise LayoutChanged(f"no header Years/Months among the first {_HEAD_LINES} lines: {filename}")
    title = _title(lines[:at], filename)
    headings = [cell.strip() for cell in next(csv.reader([lines[at]]))]
    areas = [h[4:] if h[4:] != "Total" else title for h in headings[1:]]
    places = {words: _AREAS.get(words.upper()) for words in areas} | {title: area(title)}
    records = [
        [cell.strip() for cell in cells] for cells in csv.reader(lines[at + 1 :]) if any(cell.strip() for cell in cells)
    ]
    published = {words: _published(records, [n for n, a in enumerate(areas, 1) if a == words]) for words in areas}
    for number, (month, *cells) in enumerate(records, 1):
        for words, heading, cell in zip_longest(areas, headings[1:], cells):
            if cell != "" and number <= published.get(words, len(records)):
                yield places.get(words), words, month, heading, *_figure(cell)


def rows_of_copy(path: Path) -> Iterator[Row]:
    """One row per month and direction of the copy of Japan's trade with China, in the order of COLUMNS."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = csv.reader(file, delimiter=";")
        next(records)
        for month, exports, imports in records:
            yield "CHN", None, month, "Exp-Total", exports, None
            yield "CHN", None, month, "Imp-Total", imports, None


def area(words: str) -> str | None:
    """The place that words name, None if none is known; the longest name counts.

    >>> area("REPUBLIC OF KOREA  Monthly Data")
    'KOR'
    """
    for name in sorted(_AREAS, key=len, reverse=True):
        if re.search(rf"(?<![A-Z]){re.escape(name)}(?![A-Z])", words.upper()):
            return _AREAS[name]
    return None


def _header_position(lines: list[str]) -> int | None:
    """The position of the header among the first lines; None if there is none."""
    headers = (re.sub(r'[\s"]*,[\s"]*', ",", line.strip('\ufeff" ,\r\n')) for line in lines[:_HEAD_LINES])
    return next((at for at, header in enumerate(headers) if _HEADER.fullmatch(header)), None)


def _title(lines: list[str], filename: str) -> str:
    """The lines above the header, which state the unit. Raises LayoutChanged if it is not thousand yen."""
    title = " ".join(line.strip().strip(",").replace('"', "") for line in lines).strip()
    if not re.search("thousand yen|1,?000 ?yen|千円", title, re.IGNORECASE):
        raise LayoutChanged(f"a time series whose title ({title or 'none'}) does not say thousand yen: {filename}")
    return title


def _published(records: list[list[str]], columns: list[int]) -> int:
    """The number of records up to the last one with a figure that is not nil in the columns of one area.

    Counted by area, for the columns of countries in the series of a region may end earlier than its own.
    """
    numbers = (n for n, cells in enumerate(records, 1) if any(cells[c] not in _NIL for c in columns if c < len(cells)))
    return max(numbers, default=0)


def _figure(cell: str | None) -> tuple[str | None, str | None]:
    """The number, or the sign for no figure; text that is neither, or a missing cell, is quarantined later."""
    return (None, cell) if cell == "-" else ((cell or "no cell").replace(",", ""), None)
