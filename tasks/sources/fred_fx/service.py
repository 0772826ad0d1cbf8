"""FRED's graphs as CSV: one request for each series, yearly and monthly averages."""

from collections.abc import Iterator

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.formats import csv_text
from tasks.sources.fred_fx import tables
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys

#: The places whose rates are asked for if no reporter is named, and the letters of their series.
_DEFAULT = ("CHN", "JPN", "KOR", "EMU")
_BY_PLACE = {
    "CHN": "CHUS", "JPN": "JPUS", "KOR": "KOUS", "EMU": "USEU", "GBR": "USUK", "AUS": "USAL", "NZL": "USNZ", "CAN": "CAUS",
    "HKG": "HKUS", "IND": "INUS", "TWN": "TAUS", "SGP": "SIUS", "THA": "THUS", "MYS": "MAUS", "BRA": "BZUS", "MEX": "MXUS",
    "DNK": "DNUS", "NOR": "NOUS", "SWE": "SDUS", "CHE": "SZUS", "ZAF": "SFUS", "LKA": "SLUS",
}  # fmt: skip


def requests(selection: Selection) -> Iterator[Request]:
    """Yearly and monthly averages, a request each; places without a rate in H.10 are left out."""
    pairs = [_BY_PLACE[place] for place in (selection.reporters or _DEFAULT) if place in _BY_PLACE]
    for freq in ("AEX", "EX"):
        # Monthly averages have the letters in the same order: EXCHUS, EXUSEU.
        for pair in pairs:
            yield Request(
                "/graph/fredgraph.csv",
                f"fred_{freq}{pair}_{selection.first}_{selection.last}.csv",
                (("id", f"{freq}{pair}"), ("cosd", f"{selection.first}-01-01"), ("coed", f"{selection.last}-12-31")),
                accept="text/csv",
                context=(("series", f"{freq}{pair}"),),
            )


def scope(request: Request) -> Scope:
    """The years of a request."""
    parameters = dict(request.parameters)
    return Scope(int(parameters["cosd"][:4]), int(parameters["coed"][:4]))


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """CSV of the series that was asked for, each day once. Raises EmptyAnswer, NotData, LayoutChanged, RepeatedKeys."""
    series = dict(request.context)["series"]
    where = f"fred.fx, {series}"
    if answer.size == 0:
        raise EmptyAnswer(f"the answer is empty: {where}")
    if answer.kind != "text":
        raise NotData(f"expected CSV, received {answer.kind}: {where}")
    header = csv_text.cells(answer.lines[0]) if answer.lines else []
    if len(header) != 2 or header[0] not in tables.DAY_COLUMNS or header[1] != series:
        raise LayoutChanged(
            f"expected the columns {tables.DAY_COLUMNS[0]}, {series}, received {', '.join(header)}: {where}"
        )
    days = [row[1] for row in tables.graph_rows(answer.path, where)]
    if not days:
        raise EmptyAnswer(f"a header without rates: {where}")
    if len(set(days)) < len(days):
        raise RepeatedKeys(f"{len(days) - len(set(days))} days come twice: {where}")
    return ValidAnswer(len(days), max(days))
