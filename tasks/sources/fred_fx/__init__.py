"""``fred.fx``: the Federal Reserve's exchange rates (release H.10), from FRED.

A graph's CSV has the day in its first column (``observation_date``, formerly ``DATE``) and a column for each series.
A series' id says what it is: ``AEXCHUS`` is a yearly average (``EX`` a monthly one, ``DEX`` daily) of China's currency
per US dollar, ``AEXUSEU`` of US dollars per euro. A point is a missing rate; newer files leave the cell empty, which is
no observation. datasets/exchange-rates passes the same release on as ``Date,Country,Exchange rate``, all per US dollar.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from schemas.fred import FredFx, FredReshaped
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys

#: The two letters H.10 has for a country, and its currency.
_LETTERS = {
    "AL": "AUD", "BZ": "BRL", "CA": "CAD", "CH": "CNY", "DN": "DKK", "EU": "EUR", "HK": "HKD", "IN": "INR", "JP": "JPY",
    "KO": "KRW", "MA": "MYR", "MX": "MXN", "NO": "NOK", "NZ": "NZD", "SD": "SEK", "SF": "ZAR", "SI": "SGD", "SL": "LKR",
    "SZ": "CHF", "TA": "TWD", "TH": "THB", "UK": "GBP", "US": "USD",
}  # fmt: skip
_SERIES = re.compile(r"(?P<freq>[AD]?)EX(?P<quoted>[A-Z]{2})(?P<base>[A-Z]{2})")
_DAY_NAMES = ("observation_date", "DATE")
#: What the reshaped table calls countries, and their currencies. Not Venezuela: of its three currencies since 1995 the
#: table does not say which a rate is in.
_COUNTRIES = {
    "Australia": "AUD", "Austria": "ATS", "Belgium": "BEF", "Brazil": "BRL", "Canada": "CAD", "China": "CNY",
    "Denmark": "DKK", "Euro": "EUR", "Finland": "FIM", "France": "FRF", "Germany": "DEM", "Greece": "GRD",
    "Hong Kong": "HKD", "India": "INR", "Ireland": "IEP", "Italy": "ITL", "Japan": "JPY", "Malaysia": "MYR",
    "Mexico": "MXN", "Netherlands": "NLG", "New Zealand": "NZD", "Norway": "NOK", "Portugal": "PTE", "Singapore": "SGD",
    "South Africa": "ZAR", "South Korea": "KRW", "Spain": "ESP", "Sri Lanka": "LKR", "Sweden": "SEK",
    "Switzerland": "CHF", "Taiwan": "TWD", "Thailand": "THB", "United Kingdom": "GBP",
}  # fmt: skip
_RESHAPED = (["Date", "Country", "Exchange rate"], ["Date", "Country", "Value"])
_COLUMNS = ("fred_series", "fred_day", "fred_freq", "fred_quoted")
#: The series asked for where no reporter is named, and those of reporters.
_DEFAULT = ("CHN", "JPN", "KOR", "EMU")
_BY_PLACE = {
    "CHN": "CHUS", "JPN": "JPUS", "KOR": "KOUS", "EMU": "USEU", "GBR": "USUK", "AUS": "USAL", "NZL": "USNZ", "CAN": "CAUS",
    "HKG": "HKUS", "IND": "INUS", "TWN": "TAUS", "SGP": "SIUS", "THA": "THUS", "MYS": "MAUS", "BRA": "BZUS", "MEX": "MXUS",
    "DNK": "DNUS", "NOR": "NOUS", "SWE": "SDUS", "CHE": "SZUS", "ZAF": "SFUS", "LKA": "SLUS",
}  # fmt: skip


class FredFxSource(Source):
    """H.10 through FRED."""

    id = "fred.fx"
    title = "Federal Reserve exchange rates (H.10), through FRED"
    publisher = "Board of Governors of the Federal Reserve System"
    licence = "public domain (a work of the US government); FRED asks to be named"
    redistribution = "yes"
    documentation = "https://fred.stlouisfed.org/release?rid=17"
    covers = "Yearly and monthly averages, and noon rates of the day, of some twenty currencies from 1971."
    units = "As the series says: units per US dollar for most, US dollars per unit for euro, pound, Australian and New Zealand dollar."
    forms = (
        "CSV of a FRED graph: observation_date or DATE, then H.10 series such as AEXCHUS, EXJPUS, DEXUSEU.",
        "The copy datasets/exchange-rates: Date, Country, Exchange rate.",
    )
    tables = (FredFx, FredReshaped)
    traps = (
        "AEXUSEU, AEXUSUK, AEXUSAL and AEXUSNZ are US dollars per unit: the other way round than the others.",
        "A missing rate is a point in older files and an empty cell in newer ones.",
        "The first column is called observation_date, in older files DATE.",
        "The reshaped copy has all rates per dollar, the four above turned round and rounded to four decimals.",
        "Venezuela's rates in that copy are refused: its currency changed three times and the copy does not say which it means.",
        "FRED sometimes refuses programs that do not look like a browser.",
    )
    service = Service(
        "https://fred.stlouisfed.org",
        interval_seconds=2,
        headers=(("User-Agent", "Mozilla/5.0 (compatible; entrepot)"),),
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A graph's CSV of H.10 series, or the reshaped table. Raises LayoutChanged for a graph of other series."""
        if sniffed.kind != "text" or len(sniffed.lines) < 2:
            return None
        header = next(csv.reader([sniffed.lines[0].lstrip("\ufeff")]), [])
        if len(header) > 1 and header[0] in _DAY_NAMES and re.match(r"\d{4}-\d{2}-\d{2},", sniffed.lines[1]):
            _check_series(header, sniffed.filename)
            return Recognised("graph", f"FRED graph of {', '.join(header[1:])}")
        if header in _RESHAPED and _are_countries(sniffed.lines[1:]):
            freq = _freq_of([line[:10] for line in sniffed.lines[1:]])
            return Recognised(
                f"reshaped_{freq}", "H.10 exchange rates per US dollar as datasets/exchange-rates reshapes them"
            )
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """A graph, or the reshaped table."""
        if artifact.layout == "graph":
            return Dataset(FredFx, (Conform(facts.INDICATOR, sql_beside(__name__, "graph.sql")),))
        return Dataset(FredReshaped, (Conform(facts.INDICATOR, sql_beside(__name__, "reshaped.sql")),))

    def text(self, opened: Opened) -> str:
        """One record for each series and day that has a cell."""
        name, layout = opened.artifact.filename, str(opened.artifact.layout)
        if layout == "graph":
            return opened.table((*_COLUMNS, "fred_base", "fred_value"), _graph_rows(opened.path, name))
        return opened.table((*_COLUMNS, "fred_value"), _reshaped_rows(opened.path, name, layout[-1]))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """Yearly and monthly averages, a request each; places without a rate in H.10 are left out."""
        pairs = [_BY_PLACE[p] for p in (selection.reporters or _DEFAULT) if p in _BY_PLACE]
        for freq in ("AEX", "EX"):
            # Monthly averages have the letters in the same order: EXCHUS, EXUSEU.
            for pair in pairs:
                yield Request(
                    "/graph/fredgraph.csv",
                    f"fred_{freq}{pair}_{selection.first}_{selection.last}.csv",
                    (
                        ("id", f"{freq}{pair}"),
                        ("cosd", f"{selection.first}-01-01"),
                        ("coed", f"{selection.last}-12-31"),
                    ),
                    accept="text/csv",
                    context=(("series", f"{freq}{pair}"),),
                )

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """CSV of the series that was asked for, each day once."""
        series = dict(request.context)["series"]
        where = f"{self.id}, {series}"
        if answer.size == 0:
            raise EmptyAnswer(f"{where}: an empty answer")
        if answer.kind != "text":
            raise NotData(f"{where}: {answer.kind} came instead of CSV")
        header = next(csv.reader(answer.lines[:1]), [])
        if len(header) != 2 or header[0].lstrip("\ufeff") not in _DAY_NAMES or header[1] != series:
            raise LayoutChanged(f"{where}: the header is {', '.join(header)}")
        days = [row[1] for row in _graph_rows(answer.path, where)]
        if not days:
            raise EmptyAnswer(f"{where}: a header and no rate")
        if len(set(days)) < len(days):
            raise RepeatedKeys(f"{where}: {len(days) - len(set(days))} days stand twice")
        return ValidAnswer(len(days), max(days))


def _check_series(header: Sequence[str], where: str) -> None:
    for series in header[1:]:
        found = _SERIES.fullmatch(series)
        if (
            not found
            or not {found["quoted"], found["base"]} <= set(_LETTERS)
            or "US" not in (found["quoted"], found["base"])
        ):
            raise LayoutChanged(f"{where}: a FRED graph of {series}, which is no exchange rate of H.10 known here")


def _are_countries(lines: Sequence[str]) -> bool:
    """Whether the second field of lines of the reshaped table is a country it has; one unknown one is put up with."""
    names = {line.split(",")[1] for line in lines if line.count(",") == 2}
    return bool(names) and len(names - set(_COUNTRIES)) <= 1


def _freq_of(days: Sequence[str]) -> str:
    """A where every day is a 1 January, else M."""
    return "A" if all(day.endswith("-01-01") for day in days) else "M"


def _graph_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Raises LayoutChanged for a line of another length, or a day that begins no period of its series."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        _check_series(header, where)
        series = [(s, _parts(s)) for s in header[1:]]
        for line in lines:
            if len(line) != len(header):
                raise LayoutChanged(f"{where}: line {lines.line_num} has {len(line)} fields, the header {len(header)}")
            for (name, (freq, quoted, base)), value in zip(series, line[1:], strict=True):
                _check_day(line[0], freq, where)
                if value:
                    yield name, line[0], freq, quoted, base, value


def _parts(series: str) -> tuple[str, str, str]:
    """Frequency, currency quoted and currency it is quoted for."""
    found = _SERIES.fullmatch(series)
    assert found is not None
    return found["freq"] or "M", _LETTERS[found["quoted"]], _LETTERS[found["base"]]


def _check_day(day: str, freq: str, where: str) -> None:
    if not day.endswith({"A": "-01-01", "M": "-01", "D": ""}[freq]):
        raise LayoutChanged(f"{where}: {day} does not begin a {'year' if freq == 'A' else 'month'}")


def _reshaped_rows(path: Path, where: str, freq: str) -> Iterator[tuple[str | None, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        if next(lines, []) not in _RESHAPED:
            raise LayoutChanged(f"{where}: the header is not Date, Country, Exchange rate")
        for line in lines:
            if len(line) != 3:
                raise LayoutChanged(f"{where}: line {lines.line_num} has {len(line)} fields instead of three")
            _check_day(line[0], freq, where)
            if line[2]:
                yield line[1], line[0], freq, _COUNTRIES.get(line[1], line[1]), line[2]


SOURCE = FredFxSource()
