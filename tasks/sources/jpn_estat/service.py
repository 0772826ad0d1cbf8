"""Requests to e-Stat's getStatsData, and checks of its answers. NEXT_KEY is where the next page starts."""

from collections.abc import Iterator, Mapping

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.sources.jpn_estat import answers
from tasks.sources.jpn_estat.answers import CELLS, TABLES
from warehouse.errors import CutAtLimit, NotAsked, NotData, RepeatedKeys

#: The most values one answer has.
_LIMIT = 100_000
#: Fields of a value that do not tell it from another.
_NOT_OF_THE_KEY = ("$", "@unit", "@annotation")


def requests(selection: Selection) -> Iterator[Request]:  # noqa: ARG001
    """The kept cells of each table, all years: a table is small once its cells are chosen."""
    for table in TABLES:
        yield _request(table, 1)


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """The number of values, and the request for the next page; an empty success is not an error.

    Raises NotData, LayoutChanged, ErrorInBody, ServiceRefused, CutAtLimit, RepeatedKeys.
    """
    filename = request.filename
    if received.kind != "json" or received.json is None:
        raise NotData(f"expected JSON, received {received.kind}: {filename}")
    answer = answers.checked(received.json, filename)
    if answers.status(answer) == answers.EMPTY_SUCCESS:
        return ValidAnswer(rows=0, is_kept=False)
    answers.check_status(answer, filename)
    data = answer["STATISTICAL_DATA"]
    values = answers.as_list(data["DATA_INF"].get("VALUE"))
    _check_page(data["RESULT_INF"], values, filename)
    _check_start(request, data["RESULT_INF"], filename)
    start = data["RESULT_INF"].get("NEXT_KEY")
    table = data["TABLE_INF"]
    _check_asked(request, table["@id"], values)
    following = (_request(table["@id"], int(start)),) if start else ()
    return ValidAnswer(rows=len(values), stamp=table["UPDATED_DATE"], following=following)


def _request(table: str, start: int) -> Request:
    """A page of a table from value number ``start`` on, with the codes of the kept cells."""
    chosen: dict[str, list[str]] = {}
    for dimensions in (dimensions for kept, dimensions in sorted(CELLS) if kept == table):
        for dimension, _, code in (pair.partition("=") for pair in dimensions.split()):
            codes = chosen.setdefault(f"cd{dimension.capitalize()}", [])
            codes += [code] if code not in codes else []
    return Request(
        path="/getStatsData",
        filename=f"estat_{table}_{start}.json",
        parameters=(
            ("lang", "J"), ("statsDataId", table), *((name, ",".join(codes)) for name, codes in sorted(chosen.items())),
            ("metaGetFlg", "Y"), ("cntGetFlg", "N"), ("limit", str(_LIMIT)), ("startPosition", str(start)),
        ),
        accept="application/json",
    )  # fmt: skip


def _check_asked(request: Request, table: str, values: list[dict[str, str]]) -> None:
    """Raise NotAsked for another table, or a value of a category that was not asked for."""
    parameters = dict(request.parameters)
    if table != parameters["statsDataId"]:
        raise NotAsked(f"table {table} came, and {parameters['statsDataId']} was asked for: {request.filename}")
    wanted = {
        f"@{name[2:].lower()}": set(codes.split(",")) for name, codes in parameters.items() if name.startswith("cd")
    }
    for number, value in enumerate(values, 1):
        for name, codes in wanted.items():
            if name in value and value[name] not in codes:
                raise NotAsked(
                    f"value {number} is of {name} {value[name]}, which was not asked for: {request.filename}"
                )


def _check_start(request: Request, result: Mapping[str, str], filename: str) -> None:
    """Raise NotAsked for a page that begins at another value than was asked for: the first one again would hide the others."""
    asked, first = dict(request.parameters)["startPosition"], result["FROM_NUMBER"]
    if int(first) != int(asked):
        raise NotAsked(f"values from number {asked} on were asked for, and those from {first} on came: {filename}")


def _check_page(result: Mapping[str, str], values: list[dict[str, str]], filename: str) -> None:
    """Raise NotData, CutAtLimit or RepeatedKeys unless a page has each value it announces, once."""
    first, last, total = (int(result[k]) for k in ("FROM_NUMBER", "TO_NUMBER", "TOTAL_NUMBER"))
    if len(values) != last - first + 1:
        raise NotData(f"values {first} to {last} are announced, but {len(values)} came: {filename}")
    if last < total and not result.get("NEXT_KEY"):
        raise CutAtLimit(f"the answer ends at {last} of {total} values and names no next page: {filename}")
    keys = {tuple(sorted((k, v) for k, v in value.items() if k not in _NOT_OF_THE_KEY)) for value in values}
    if len(keys) != len(values):
        raise RepeatedKeys(f"{len(values) - len(keys)} cells are stated twice: {filename}")
