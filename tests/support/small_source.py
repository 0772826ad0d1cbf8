"""A small source that is pulled, for tests: one series a request, at most five rows an answer."""

from collections.abc import Iterator

from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import Dataset
from tasks.contract.service import Key, Request, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source
from warehouse import sql
from warehouse.errors import CutAtLimit, EmptyAnswer, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, Unknown

HEADER = "series,period,value"
MOST_ROWS = 5


class Small(Source):
    """``requests`` asks for each series named as a product; years are parameters, so that a range can be split."""

    id = "test.small"
    title = "Small tables"
    publisher = "Test Bureau"
    licence = "CC0"
    redistribution = "yes"
    documentation = None
    forms = (Form("A small table.", ("csv",)),)

    def __init__(self, url: str, key: Key | None = None, **limits: float) -> None:
        limits = {"interval_seconds": 0.0, "timeout_seconds": 0.4, **limits}
        self.service = Service(url=url, key=key, **limits)  # type: ignore[arg-type]
        self.extension = "csv"

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        raise Unknown("these tables are only pulled")

    def text(self, opened: Opened) -> str:
        return f"read_csv({sql.quoted(str(opened.path))}, all_varchar = true)"

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        if sniffed.lines[:1] == [HEADER]:
            return Recognised("csv", "a small table")
        if sniffed.text.startswith("series;"):
            raise LayoutChanged("a small table with semicolons")
        return None

    def requests(self, selection: Selection) -> Iterator[Request]:
        for series in selection.products:
            years = (("from", str(selection.first)), ("to", str(selection.last)))
            yield Request(f"data/{series}", f"{series}.{self.extension}", years, accept="text/csv")

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        if request.path.endswith("index"):
            names = [line for line in answer.lines if line]
            requests = (
                Request(f"data/{name.split()[0]}", f"{name.split()[0]}.csv", stamp=" ".join(name.split()[1:]) or None)
                for name in names
            )
            return ValidAnswer(0, following=tuple(requests), is_kept=False)
        if answer.kind in ("zip", "gz", "7z"):
            return ValidAnswer(1, "2020-01-01")
        if answer.text.startswith("error"):
            raise ErrorInBody(answer.lines[0])
        if answer.kind == "json":
            raise NotData(f"no table: {answer.text}")
        rows = [line.split(",") for line in answer.lines[1:]]
        if not rows:
            raise EmptyAnswer("a header and no row")
        if len({(series, period) for series, period, _ in rows}) < len(rows):
            raise RepeatedKeys("a period stands twice")
        if len(rows) >= MOST_ROWS:
            raise CutAtLimit(f"exactly {MOST_ROWS} rows")
        return ValidAnswer(len(rows), "2020-01-01")

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:  # noqa: ARG002
        return ValidAnswer(0) if status == 404 and "no records" in words else None

    def split(self, request: Request) -> tuple[Request, ...]:
        parameters = dict(request.parameters)
        first, last = int(parameters["from"]), int(parameters["to"])
        middle = (first + last) // 2
        if first == last:
            return ()
        ranges = ((first, middle), (middle + 1, last))
        return tuple(
            Request(request.path, f"{a}-{b}-{request.filename}", (("from", str(a)), ("to", str(b))), accept=request.accept)
            for a, b in ranges
        )  # fmt: skip
