"""The European Central Bank's data service: one request for averages and ends of period, answered in CSV."""

from collections.abc import Iterator, Sequence

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.formats import csv_text
from tasks.sources.ecb_exr import tables
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, NotAsked, NotData, RepeatedKeys, Unknown

#: The currencies asked for where none is named: of the large partners, and of the EU's members without the euro.
_DEFAULT = ("USD", "JPY", "CNY", "KRW", "GBP", "HKD", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK")
_FIRST_YEAR = 1999
#: The euro, and what it replaced on its first day: these have no rate against it.
_NEVER_QUOTED = {"EUR", "ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "IEP", "ITL", "NLG", "PTE"}
#: How many of a record's columns name its series and period.
_KEY = 6


def requests(selection: Selection) -> Iterator[Request]:
    """One request: yearly, quarterly and monthly averages and ends of period of the reporters' currencies. Raises Unknown."""
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


def scope(request: Request) -> Scope:
    """The years of a request, and the places whose currencies it names."""
    parameters = dict(request.parameters)
    currencies = request.path.rsplit("/", 1)[1].split(".")[1].split("+")
    places = reference_files.places_of("iso4217", currencies)
    return Scope(int(parameters["startPeriod"]), int(parameters["endPeriod"]), places)


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """CSV with the columns of EXR and rows of which none repeats another's key.

    Raises EmptyAnswer, NotData, LayoutChanged, RepeatedKeys.
    """
    where = f"ecb.exr, {request.path}"
    if answer.size == 0:
        raise EmptyAnswer(f"the answer is empty, which is how the service says that it has no such series: {where}")
    if answer.kind != "text":
        raise NotData(f"expected CSV, received {answer.kind}: {where}")
    tables.check_header(csv_text.cells(answer.lines[0] if answer.lines else "") or [""], where)
    keys = [row[:_KEY] for row in tables.csv_rows(answer.path, where)]
    _check_asked(request, keys, where)
    if not keys:
        raise EmptyAnswer(f"a header without rows: {where}")
    if len(set(keys)) < len(keys):
        raise RepeatedKeys(f"{len(keys) - len(set(keys))} rows repeat the series and period of another: {where}")
    return ValidAnswer(len(keys))


def _check_asked(request: Request, keys: Sequence[Sequence[str | None]], where: str) -> None:
    """Raise NotAsked for a series that the key of the request does not name."""
    wanted = [set(position.split("+")) for position in request.path.rsplit("/", 1)[1].split(".")]
    for key in keys:
        if other := next((code for code, codes in zip(key, wanted, strict=False) if code not in codes), None):
            raise NotAsked(f"{other} came, which was not asked for: {where}")


def _currencies(places: tuple[str, ...]) -> tuple[str, ...]:
    """The currencies of places, in their order; members of the euro have none against it. Raises Unknown."""
    money: dict[str, list[str]] = {}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] in ("iso4217", "iso3166_1_alpha3"):
            money.setdefault(row["place"], []).extend([row["code"]] if row["scheme"] == "iso4217" else [])
    if unknown := [place for place in places if place not in money]:
        raise Unknown(f"no economies {', '.join(unknown)}: ecb.exr. Use codes of ref.place, such as JPN")
    return tuple(dict.fromkeys(code for place in places for code in money[place] if code not in _NEVER_QUOTED))
