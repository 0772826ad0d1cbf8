"""``ecb.exr``: exchange rates against the euro, from the European Central Bank.

Three forms: CSV of the data service (``…/data/EXR/A.USD.EUR.SP00.A?format=csvdata``), SDMX-ML 2.1 generic data of the
same, and ``eurofxref-hist.csv``, a table of every working day since 1999 with a column a currency, newest day first,
N/A for a missing rate and a comma after the last column. A daily rate is kept as that of its day: an average of days
would be ours, not the ECB's, and the data service has the ECB's own averages.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from schemas.ecb import EcbExr, EcbReference
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys, Unknown

#: Columns of the service's CSV that are read, and what they are called here.
_COLUMNS = {
    "FREQ": "exr_freq", "CURRENCY": "exr_currency", "CURRENCY_DENOM": "exr_denominator", "EXR_TYPE": "exr_type",
    "EXR_SUFFIX": "exr_suffix", "TIME_PERIOD": "exr_period", "OBS_VALUE": "exr_value", "OBS_STATUS": "exr_status",
    "OBS_CONF": "exr_confidentiality", "UNIT_MULT": "exr_multiplier",
}  # fmt: skip
_REFERENCE = ("reference_day", "exr_currency", "reference_rate", "release_day")
#: Columns that only describe the series or repeat its key.
_IGNORED = {
    "KEY", "OBS_PRE_BREAK", "OBS_COM", "TIME_FORMAT", "BREAKS", "COLLECTION", "COMPILING_ORG", "DISS_ORG", "DOM_SER_IDS",
    "PUBL_ECB", "PUBL_MU", "PUBL_PUBLIC", "UNIT_INDEX_BASE", "COMPILATION", "COVERAGE", "DECIMALS", "NAT_TITLE",
    "SOURCE_AGENCY", "SOURCE_PUB", "TITLE", "TITLE_COMPL", "UNIT",
}  # fmt: skip
#: The currencies asked for where none is named: of the large partners, and of the EU's members without the euro.
_DEFAULT = ("USD", "JPY", "CNY", "KRW", "GBP", "HKD", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK")
_FIRST_YEAR = 1999
#: The euro, and what it replaced on its first day: these have no rate against it.
_NEVER_QUOTED = {"EUR", "ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "IEP", "ITL", "NLG", "PTE"}
_CURRENCY = re.compile(r"[A-Z]{3}")
_GENERIC = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic}"
_MESSAGE = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message}"


class EcbExrSource(Source):
    """Exchange rates of the ECB."""

    id = "ecb.exr"
    title = "Euro exchange rates: reference rates of the day, averages, end of period"
    publisher = "European Central Bank"
    licence = "free re-use with the source named; https://www.ecb.europa.eu/services/using-our-site/disclaimer"
    redistribution = "attribution"
    documentation = "https://data.ecb.europa.eu/data/datasets/EXR"
    covers = "Some forty currencies against the euro from 1999: every working day, and averages and ends of months, quarters and years."
    units = "Units of the currency per euro; ref.exchange_rate makes rates per US dollar of two of them."
    forms = (
        "CSV of the data service, by its columns KEY, CURRENCY_DENOM and EXR_TYPE.",
        "SDMX-ML 2.1, generic data, of the dataflow EXR.",
        "eurofxref-hist.csv, also in its zip: Date, then a column a currency.",
    )
    tables = (EcbExr, EcbReference)
    traps = (
        "All rates are per euro, the dollar's too: a rate per dollar is a ratio of two averages, not an average of ratios.",
        "Daily rates are not averaged here: a year's average is the ECB's own figure or none.",
        "In eurofxref-hist the newest day comes first, every line ends with a comma, and N/A is a missing rate.",
        "Old and new currencies stand beside each other (ROL and RON, TRL and TRY).",
        "The dataflow EXR has indices too (effective exchange rates); only spot rates (SP00) are taken.",
        "The service answers 404, or 200 and nothing, where it has no data.",
    )
    service = Service("https://data-api.ecb.europa.eu/service", interval_seconds=1)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The service's CSV or SDMX-ML of EXR, or the wide table of reference rates. Raises LayoutChanged."""
        if sniffed.kind == "xml":
            return _recognised_xml(sniffed)
        if sniffed.kind != "text" or not sniffed.lines:
            return None
        header = _fields(sniffed.lines[0])
        if header[0] == "KEY" and {"CURRENCY_DENOM", "EXR_TYPE"} <= set(header):
            _check_header(header, sniffed.filename)
            return Recognised("csv", "ECB exchange rates, CSV of the data service")
        if header[0] == "Date" and {"USD", "JPY"} <= set(header):
            return _recognised_reference(header, sniffed)
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """Reference rates of days, or the data service's series."""
        if artifact.layout == "reference":
            conform = Conform(facts.INDICATOR, sql_beside(__name__, "reference.sql"))
            return Dataset(EcbReference, (conform,), is_complete=True)
        return Dataset(EcbExr, (Conform(facts.INDICATOR, sql_beside(__name__, "exr.sql")),))

    def text(self, opened: Opened) -> str:
        """Records in the file's order; of the wide table one for each currency of each day."""
        name = opened.artifact.filename
        if opened.artifact.layout == "reference":
            return opened.table(_REFERENCE, _reference_rows(opened.path, name))
        columns = (*_COLUMNS.values(), "exr_prepared")
        rows = _csv_rows(opened.path, name) if opened.artifact.layout == "csv" else _xml_rows(opened.path, name)
        return opened.table(columns, rows)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """One request: yearly, quarterly and monthly averages and ends of period of the reporters' currencies."""
        currencies = _currencies(selection.reporters) if selection.reporters else _DEFAULT
        if selection.last < _FIRST_YEAR or not currencies:
            return
        first = max(selection.first, _FIRST_YEAR)
        yield Request(
            f"/data/EXR/A+Q+M.{'+'.join(currencies)}.EUR.SP00.A+E",
            f"ecb_exr_{first}_{selection.last}.csv",
            (("format", "csvdata"), ("startPeriod", str(first)), ("endPeriod", str(selection.last))),
            accept="text/csv",
        )

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """CSV with the header of EXR and rows of which none repeats another's key."""
        where = f"{self.id}, {request.path}"
        if answer.size == 0:
            raise EmptyAnswer(f"{where}: an empty answer, which is how the service says that it has no such series")
        if answer.kind != "text":
            raise NotData(f"{where}: {answer.kind} came instead of CSV")
        _check_header(_fields(answer.lines[0] if answer.lines else ""), where)
        keys = [tuple(row[:6]) for row in _csv_rows(answer.path, where)]
        if not keys:
            raise EmptyAnswer(f"{where}: a header and no row")
        if len(set(keys)) < len(keys):
            raise RepeatedKeys(f"{where}: {len(keys) - len(set(keys))} rows repeat the series and period of another")
        return ValidAnswer(len(keys))


def _fields(line: str) -> list[str]:
    return next(csv.reader([line.lstrip("\ufeff")]), None) or [""]


def _check_header(header: list[str], where: str) -> None:
    missing, unknown = set(_COLUMNS) - set(header), set(header) - set(_COLUMNS) - _IGNORED
    if missing or unknown:
        raise LayoutChanged(
            f"{where}: the header of EXR lacks {', '.join(sorted(missing)) or 'nothing'} and has the unknown "
            f"{', '.join(sorted(unknown)) or '(none)'}"
        )


def _recognised_xml(sniffed: Sniffed) -> Recognised | None:
    if 'structureID="ECB_EXR1"' not in sniffed.text:
        return None
    if "GenericData" not in sniffed.text[:200]:
        raise LayoutChanged(f"{sniffed.filename}: EXR in another form of SDMX-ML than generic data")
    stamp = re.search(r"<message:Prepared>(\d{4}-\d{2}-\d{2})", sniffed.text)
    return Recognised("xml", "ECB exchange rates, SDMX-ML generic data", stamp[1] if stamp else None)


def _recognised_reference(header: list[str], sniffed: Sniffed) -> Recognised:
    if any(not _CURRENCY.fullmatch(c) for c in header[1:-1]) or header[-1]:
        raise LayoutChanged(f"{sniffed.filename}: reference rates with other columns than Date and currencies")
    newest = sniffed.lines[1].split(",")[0] if len(sniffed.lines) > 1 else None
    return Recognised("reference", f"ECB reference rates of every day to {newest}", newest)


def _reference_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """One record a day and currency. Raises LayoutChanged for a line of another length or days out of order."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        days = list(lines)
    if any(len(day) != len(header) or day[-1] for day in days):
        raise LayoutChanged(f"{where}: a line has not as many fields as the header")
    if any(newer[0] <= older[0] for newer, older in pairwise(days)):
        raise LayoutChanged(f"{where}: the days do not go from the newest to the oldest")
    for day in days:
        for currency, rate in zip(header[1:-1], day[1:-1], strict=True):
            yield day[0], currency, rate, days[0][0]


def _csv_rows(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """The columns that are read, empty cells as nothing; the CSV does not say when it was made."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        _check_header(header, where)
        at = [header.index(c) for c in _COLUMNS]
        for line in lines:
            if len(line) != len(header):
                raise LayoutChanged(f"{where}: line {lines.line_num} has {len(line)} fields, the header {len(header)}")
            yield (*(line[i] or None for i in at), None)


def _xml_rows(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """Observations of every series, with the day of the message. Raises LayoutChanged for a damaged message."""
    prepared: str | None = None
    try:
        for _, element in ElementTree.iterparse(path):  # noqa: S314  a local file; expat is bounded against bombs
            if element.tag == f"{_MESSAGE}Prepared":
                prepared = date.fromisoformat((element.text or "")[:10]).isoformat()
            elif element.tag == f"{_GENERIC}Series":
                yield from ((*row, prepared) for row in _series(element))
                element.clear()
    except (ElementTree.ParseError, ValueError) as fault:
        raise LayoutChanged(f"{where}: not the SDMX-ML it seems to be: {fault}") from fault


def _series(series: ElementTree.Element) -> Iterator[tuple[str | None, ...]]:
    fixed = _values(series, f"{_GENERIC}SeriesKey") | _values(series, f"{_GENERIC}Attributes")
    for observed in series.iter(f"{_GENERIC}Obs"):
        found = fixed | _values(observed, f"{_GENERIC}Attributes")
        period, value = observed.find(f"{_GENERIC}ObsDimension"), observed.find(f"{_GENERIC}ObsValue")
        found["TIME_PERIOD"] = period.get("value") if period is not None else None
        found["OBS_VALUE"] = value.get("value") if value is not None else None
        yield tuple(found.get(c) for c in _COLUMNS)


def _values(parent: ElementTree.Element, tag: str) -> dict[str, str | None]:
    block = parent.find(tag)
    return {} if block is None else {str(v.get("id")): v.get("value") for v in block}


def _currencies(places: tuple[str, ...]) -> tuple[str, ...]:
    """The currencies of places, in their order; the euro's own members have none against it. Raises Unknown."""
    money: dict[str, list[str]] = {}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] in ("iso4217", "iso3166_1_alpha3"):
            money.setdefault(row["place"], []).extend([row["code"]] if row["scheme"] == "iso4217" else [])
    if unknown := [p for p in places if p not in money]:
        raise Unknown(f"ecb.exr: no economies {', '.join(unknown)}")
    return tuple(dict.fromkeys(c for p in places for c in money[p] if c not in _NEVER_QUOTED))


SOURCE = EcbExrSource()
