"""What the OECD's sources share: its CSV (``csvfile`` and ``csvfilewithlabels``), its limits, and how its answers are judged.

A column of codes is written in capitals (``REF_AREA``); with labels, each is followed by one of words (``Reference
area``), which is passed over. SDMX-CSV 1 begins with ``DATAFLOW``, 2 with ``STRUCTURE,STRUCTURE_ID``. Saved again by a
spreadsheet, such a file has semicolons for commas and points in its numbers where none were: it is refused.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Judged, Request, Service
from warehouse import sql
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, ServiceRefused

LICENCE = "CC BY 4.0 (OECD terms and conditions); name the OECD"
#: The service allows 60 downloads an hour to a caller, those of its web pages included, and blocks who asks for more.
SERVICE = Service(url="https://sdmx.oecd.org/public/rest", interval_seconds=5, hourly=50, timeout_seconds=300)

#: Members of the OECD: who reports. China does not.
MEMBERS = (
    "AUS", "AUT", "BEL", "CAN", "CHE", "CHL", "COL", "CRI", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC",
    "HUN", "IRL", "ISL", "ISR", "ITA", "JPN", "KOR", "LTU", "LUX", "LVA", "MEX", "NLD", "NOR", "NZL", "POL", "PRT", "SVK",
    "SVN", "SWE", "TUR", "USA",
)  # fmt: skip

_FORM = {"STRUCTURE", "STRUCTURE_NAME", "ACTION", "STRUCTURE_ID", "DATAFLOW"}
_NO_RECORDS = re.compile(r"NoRecordsFound|NoResultsFound|no (records|results) found", re.IGNORECASE)
_VALID_FROM = re.compile(r"""validFrom["']?\s*[=:]\s*["']([^"']+)["']""", re.IGNORECASE)
_BLOCKED = re.compile(r"\bVPN\b|anonymi[sz]|proxy|access denied|has been blocked", re.IGNORECASE)


def header_of(line: str) -> list[str]:
    """The cells of a header line."""
    return next(csv.reader([line.lstrip("\ufeff").rstrip("\r\n")]), [])


def is_of(sniffed: Sniffed, structure: str) -> bool:
    """Whether a file is CSV of a data structure, such as ``DSD_FDI``.

    Raises LayoutChanged for one that a spreadsheet has saved again, and so has damaged.
    """
    if sniffed.kind != "text" or not sniffed.lines:
        return False
    first, second = sniffed.lines[0].lstrip("\ufeff").strip('"'), " ".join(sniffed.lines[1:2])
    if f"{structure}@" not in second or not first.startswith(("DATAFLOW", "STRUCTURE")):
        return False
    if ";" in first or "\t" in first:
        raise LayoutChanged(
            f"{sniffed.filename}: an export of the OECD Data Explorer that was opened and saved in a spreadsheet: fields are "
            "parted by semicolons or tabs, and its numbers are broken (19.400704272141 becomes 19.400.704.272.141). "
            "Its values cannot be told any more: download it again and do not save it from a spreadsheet"
        )
    return True


def check_header(header: Sequence[str], columns: Mapping[str, str], optional: Sequence[str], where: str) -> None:
    """Raise LayoutChanged unless a header has every column of codes that is known, once, and none that is not."""
    codes = [name for name in header if name.isupper() or "_" in name]
    missing = [name for name in columns if name not in codes and name not in optional]
    unknown = sorted({name for name in codes if name not in columns and name not in _FORM})
    repeated = sorted({name for name in codes if codes.count(name) > 1})
    if "STRUCTURE_ID" not in codes and "DATAFLOW" not in codes:
        missing.insert(0, "DATAFLOW")
    for names, what in ((missing, "lacks"), (unknown, "has the unknown"), (repeated, "repeats")):
        if names:
            raise LayoutChanged(f"{where}: the header {what} {', '.join(names)}")


def text(path: Path, columns: Mapping[str, str], optional: Sequence[str], where: str) -> str:
    """A FROM clause of the records of a CSV file: the dataflow, the action, and ``columns`` (the OECD's name: ours).

    Labels are passed over. Raises LayoutChanged for another header.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = header_of(file.readline())
    check_header(header, columns, optional, where)
    dataflow = "STRUCTURE_ID" if "STRUCTURE_ID" in header else "DATAFLOW"
    chosen = {dataflow: "oecd_dataflow", "ACTION": "oecd_action", **columns}
    selected = ", ".join(
        f"c{header.index(name)} AS {ours}" if name in header else f"CAST(NULL AS VARCHAR) AS {ours}"
        for name, ours in chosen.items()
    )
    numbered = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(header)))
    return (
        f"(SELECT {selected} FROM read_csv({sql.quoted(str(path))}, auto_detect = false, header = true, "
        f"columns = {{{numbered}}}, delim = ',', quote = '\"', escape = '\"', nullstr = '', comment = '', skip = 0, "
        "encoding = 'utf-8'))"
    )


def constraint(agency: str, dataflow: str, context: tuple[tuple[str, str], ...]) -> Request:
    """The question when a dataflow was last updated, which is no download of data. ``context`` says what is to follow."""
    return Request(
        path=f"/contentconstraint/{agency}/CR_A_{dataflow}/", filename=f"{dataflow}.constraint.xml",
        context=(("kind", "constraint"), *context),
    )  # fmt: skip


def updated(words: str) -> str | None:
    """When a dataflow was last updated, as its constraint says in XML or JSON."""
    found = _VALID_FROM.search(words)
    return found[1] if found else None


def judge(
    request: Request,
    answer: Sniffed,
    structure: str,
    columns: Mapping[str, str],
    optional: Sequence[str],
    key: Sequence[str],
) -> Judged:
    """Whether an answer is CSV of the structure that was asked for, with records, each figure once.

    ``key`` are the columns, by the OECD's names, that tell figures apart. Raises NotData, ServiceRefused, EmptyAnswer,
    ErrorInBody, LayoutChanged, RepeatedKeys.
    """
    words = answer.text[:2000]
    if answer.size == 0 or _NO_RECORDS.search(words):
        raise EmptyAnswer(f"{request.path}: no records: {words[:100].strip() or 'nothing at all'}")
    if (
        answer.kind in ("html", "text")
        and _BLOCKED.search(words)
        and "STRUCTURE" not in words
        and "DATAFLOW" not in words
    ):
        raise ServiceRefused(
            f"{request.path}: the OECD refuses this address; it answers no VPN or proxy: {_told(words)}"
        )
    if answer.kind in ("json", "xml"):
        raise ErrorInBody(f"{request.path}: {answer.kind} came instead of CSV: {_told(words)}")
    if answer.kind != "text":
        raise NotData(f"{request.path}: {answer.kind} came instead of CSV")
    if not words.lstrip("\ufeff").startswith(("DATAFLOW", "STRUCTURE")):
        raise ErrorInBody(f"{request.path}: words came instead of CSV: {_told(words)}")
    header = header_of(answer.lines[0] if answer.lines else words)
    check_header(header, columns, optional, request.path)
    if not is_of(answer, structure) and len(answer.lines) > 1:
        raise NotData(f"{request.path}: CSV, but not of {structure}: {answer.lines[1][:100]}")
    rows = _count(answer.path, header, key, request.path)
    return Judged(rows=rows, stamp=request.stamp)


def judge_status(request: Request, status: int, words: str) -> Judged | None:
    """404 with ``NoRecordsFound`` says that nothing was reported; 403 to a VPN that it is refused."""
    if status == 404 and _NO_RECORDS.search(words):
        return Judged(rows=0, is_kept=False)
    if status in (401, 403) and _BLOCKED.search(words):
        raise ServiceRefused(
            f"{request.path}: the OECD refuses this address; it answers no VPN or proxy: {_told(words)}"
        )
    return None


def _count(path: Path, header: Sequence[str], key: Sequence[str], where: str) -> int:
    """Number of records. Raises LayoutChanged for one of another length, RepeatedKeys, EmptyAnswer."""
    positions = [header.index(name) for name in key if name in header]
    seen: set[tuple[str, ...]] = set()
    for number, record in enumerate(_records(path), 1):
        if len(record) != len(header):
            raise LayoutChanged(f"{where}: record {number} has {len(record)} fields, the header {len(header)}")
        cell = tuple(record[p] for p in positions)
        if cell in seen:
            raise RepeatedKeys(f"{where}: record {number} states a figure a second time: {', '.join(cell)}")
        seen.add(cell)
    if not seen:
        raise EmptyAnswer(f"{where}: a header and no records")
    return len(seen)


def _records(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        yield from (record for record in reader if record)


def _told(words: str) -> str:
    """The beginning of an answer in one line, marks of HTML and XML taken out."""
    return " ".join(re.sub(r"<[^>]*>", " ", words).split())[:200]
