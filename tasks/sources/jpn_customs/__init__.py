"""``jpn.customs``: the Trade Statistics of Japan, by Japan Customs.

Three forms of file:

- ``series``: a time series, thousand yen, in CP932: title lines, then ``Years/Months,Exp-Total,Imp-Total``
  (https://www.customs.go.jp/toukei/suii/html/time_e.htm). Months to come are printed as 0: what follows an area's last
  figure other than nil is not published yet and makes no rows. ``-`` among the published is a missing figure.
- ``commodity`` and ``commodity_by_country``: nine-digit codes, a triplet of two quantities and a value for each month
  and for the year so far (https://www.customs.go.jp/toukei/info/tsdl_e.htm). Which months are published, and at which
  stage, stands only in the title on the page the file is fetched from (1-6月：確報、7月：輸入9桁速報), which a pull
  keeps as the stamp, and which may also be in the name of an adopted file; else months up to the last one in which the
  file has any value are taken for published, and the stage for not stated. Nil in a published month is nil.
- ``copy``: Japan's trade with China by month in a third party's copy of the time series (tasks.sources._shared.china_copies).

Nine-digit codes are new every year, and differ between exports and imports: they are kept in a classification of their
own, ``JPHS2026X`` and ``JPHS2026M``. Their first six digits are HS, in the edition Japan applied in that year.
"""

import codecs
import csv
import html
import io
import re
from collections.abc import Iterator
from importlib import resources
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urljoin

from schemas.jpn_customs import Commodity, CommodityByCountry, Series
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Request, Service
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.identity import fingerprint
from tasks.sources._shared import china_copies
from tasks.sources._shared.layout import layout_errors
from warehouse import sql
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, Unknown

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TRIPLET = ("Quantity1", "Quantity2", "Value")
_FIGURES = tuple(f"{figure}-{month}" for month in ("Year", *_MONTHS) for figure in _TRIPLET)
_KEYS = {
    "commodity_by_country": ("Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2"),
    "commodity": ("Exp or Imp", "Year", "HS", "Unit1", "Unit2"),
}
_HEADERS = {layout: (*keys, *_FIGURES) for layout, keys in _KEYS.items()}
_COPY_HEADER = "Date;Exports;Imports"
_SERIES = re.compile(r"Years(/Months)?(,(Exp|Imp)-[^,]+)+")
#: Header and titles of a time series stand in its first lines.
_SERIES_HEAD = 12

#: The page that lists the time series, on Japan Customs' own site.
_SERIES_PAGE = "https://www.customs.go.jp/toukei/suii/html/time_e.htm"
#: A year of the commodity table is some 44 files of several megabytes: of more years than this only the newest is asked.
_MOST_YEARS = 10
#: Pages of e-Stat that list the files of the commodity-by-country table, by direction.
_LISTS = {"export": ("000001013180", "000001013181"), "import": ("000001013180", "000001013182")}


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


_AREAS = {row["printed"]: row["place"] for row in _table("areas.csv")}
_STAGES = {row["printed"]: row["stage"] for row in _table("stages.csv")}
_STAGE_WORDS = "|".join(re.escape(word) for word in sorted(_STAGES, key=len, reverse=True))
_MONTH_WORDS = "|".join(_MONTHS)
_SEGMENT = re.compile(
    rf"(?P<flow>輸出|輸入|Exports?|Imports?)?\s*(?:(?P<first>\d{{1,2}})(?:[-~～－](?P<last>\d{{1,2}}))?月(?:分)?"
    rf"|(?P<first_en>{_MONTH_WORDS})(?:-(?P<last_en>{_MONTH_WORDS}))?)\s*[：:]\s*(?P<only>輸出|輸入)?\s*(?P<stage>{_STAGE_WORDS})"
)
_FLOWS = {"輸出": "1", "Export": "1", "Exports": "1", "輸入": "2", "Import": "2", "Imports": "2"}
_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")


def stages(title: str) -> dict[tuple[str, int], str]:
    """The stage of release by direction (1 exports, 2 imports) and month, as a title says it; nothing if it does not.

    ``1-6月：確報、7月：輸入9桁速報`` says that July has imports only.
    """
    found: dict[tuple[str, int], str] = {}
    current: str | None = None
    for segment in _SEGMENT.finditer(title):
        current = segment["flow"] or current
        only = segment["only"] or current
        first = int(segment["first"]) if segment["first"] else _MONTHS.index(segment["first_en"]) + 1
        last = segment["last"] or segment["last_en"]
        until = first if not last else int(last) if last.isdigit() else _MONTHS.index(last) + 1
        for flow in [_FLOWS[only]] if only else ["1", "2"]:
            found |= {(flow, month): _STAGES[segment["stage"]] for month in range(first, until + 1)}
    return found


class JpnCustoms(Source):
    """Japan Customs."""

    id = "jpn.customs"
    title = "Trade Statistics of Japan"
    publisher = "Ministry of Finance Japan (Japan Customs)"
    licence = "Terms of use of the Trade Statistics of Japan: free to use with the source named; name what was edited"
    redistribution = "attribution"
    documentation = "https://www.customs.go.jp/toukei/info/tsdl_e.htm"
    covers = "Japan's exports and imports: totals by month from 1979, and nine-digit commodities by country and month from 1988."
    units = "Thousand yen, kept in yen; exports FOB, imports CIF; quantities in Japan Customs' units, weights also in kilograms."
    forms = (
        "Time series as CSV in CP932: Years/Months, Exp-Total, Imp-Total, with a title that names the area.",
        "Nine-digit commodities, with or without country, as CSV that begins with Exp or Imp.",
        "A collector's copy of the time series of trade with China, by its columns and its name, japan-china-trade-data.csv.",
    )
    tables = (Series, Commodity, CommodityByCountry)
    traps = (
        "Months to come are printed as 0: they are not published, not nil.",
        "Nine-digit codes are new every year and differ between exports and imports; only the first six digits are HS.",
        "The stage of release (速報, 9桁速報, 確報, 確々報, 確定) stands in the title of the page, not in the file.",
        "Country codes are Japan's own three digits: China is 105, South Korea 103, the United States 304.",
        "The files of a year are cumulative: each month's file restates the months before it.",
        "Tables by customs office are not loaded: they would repeat the national figures.",
    )
    service = Service(url="https://www.e-stat.go.jp", interval_seconds=2, headers=(("User-Agent", "Mozilla/5.0"),))

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A time series, a commodity table or the copy. Raises LayoutChanged for one with other columns."""
        if sniffed.kind != "text" or not sniffed.lines:
            return None
        if china_copies.is_copy(sniffed, _COPY_HEADER, "japan"):
            return Recognised("copy", "Japan's trade with China by month, a copy of the time series")
        if sniffed.lines[0].startswith(('"Exp or Imp"', "Exp or Imp")):
            layout = _commodity_layout(sniffed)
            return Recognised(
                layout, f"Trade Statistics of Japan, {layout.replace('_', ' ')}", _stamp(sniffed.filename)
            )
        at = _series_header(sniffed.lines)
        if at is None:
            return None
        titles = _titles(sniffed.head.decode("cp932", errors="replace").splitlines()[:at], sniffed.filename)
        if _area(titles) is None:
            raise LayoutChanged(f"{sniffed.filename}: a time series whose title names no area that is known: {titles}")
        return Recognised("series", f"Trade Statistics of Japan, time series: {titles}")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's form. Raises Unknown."""
        if artifact.layout in ("series", "copy"):
            is_copy = artifact.layout == "copy"
            query = sql_beside(__name__, "series.sql").format(
                address=china_copies.ADDRESS if is_copy else _SERIES_PAGE,
                seen_via=sql.quoted(china_copies.SEEN_VIA) if is_copy else "CAST(NULL AS VARCHAR)",
            )
            return Dataset(Series, (Conform(facts.TRADE, query),))
        if artifact.layout in _KEYS:
            return _commodity_dataset(artifact)
        raise Unknown(f"{artifact.filename}: {artifact.layout!r} is no form of {self.id}")

    def text(self, opened: Opened) -> str:
        """A row a month and figure; for commodities a row a record and month."""
        columns = ("partner", "survey_month", "heading", "thousand_yen", "no_figure")
        with layout_errors(opened.artifact.filename):
            if opened.artifact.layout == "copy":
                return opened.table(columns, _copied(opened.path))
            if opened.artifact.layout == "series":
                return opened.table(columns, _series(opened.path, opened.artifact.filename))
            return _commodities(opened)

    def requests(self, ask: Ask) -> Iterator[Request]:
        """The page that lists the time series, and those that list the commodity-by-country files."""
        yield Request(_SERIES_PAGE, "customs_series.html", accept="text/html", context=(("kind", "all_series"),))
        for flow, (group, table) in _LISTS.items():
            yield Request(
                path="/stat-search/files",
                filename=f"customs_list_{flow}.html",
                parameters=(
                    ("page", "1"), ("layout", "datalist"), ("toukei", "00350300"), ("tstat", "000001013141"), ("cycle", "1"),
                    ("tclass1", group), ("tclass2", table), ("tclass3val", "0"), ("metadata", "1"), ("data", "1"),
                ),
                accept="text/html",
                context=(("kind", "years"), ("flow", flow), ("first", str(ask.first)), ("last", str(ask.last))),
            )  # fmt: skip

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """A list leads to the newest page of each year, that to its files. Raises NotData, LayoutChanged, EmptyAnswer."""
        context = dict(request.context)
        kind = context.get("kind", "file")
        if kind == "file":
            return _judge_file(request, answer, context.get("title"))
        if kind == "series":
            return self._judge_series(request, answer)
        if answer.kind != "html":
            raise NotData(f"{request.filename}: a page was expected, and {answer.kind} came")
        page = answer.path.read_text(encoding="utf-8", errors="replace")
        following = {"all_series": _all_series, "years": _months, "files": _files}[kind](page, context)
        if not following:
            raise LayoutChanged(f"{request.filename}: the page has no links of the kind it had")
        return Judged(rows=0, following=tuple(following), is_kept=False)

    def _judge_series(self, request: Request, answer: Sniffed) -> Judged:
        if answer.kind == "html":
            raise NotData(f"{request.filename}: a page came where a CSV file was expected")
        if not (what := self.recognises(answer)) or what.layout != "series":
            raise LayoutChanged(f"{request.filename}: not a time series of Japan Customs")
        rows = sum(1 for _ in _series(answer.path, request.filename))
        if not rows:
            raise EmptyAnswer(f"{request.filename}: no month is published")
        return Judged(rows=rows)

    def code(self) -> str:
        """Hash of this module, of what it shares, and of the SQL and tables beside it."""
        queries = (fingerprint.of_sql(sql_beside(__name__, n)) for n in ("series.sql", "commodity.sql", "products.sql"))
        tables = (repr(_table(n)) for n in ("areas.csv", "stages.csv"))
        return fingerprint.of(super().code(), fingerprint.of_module(china_copies), *queries, *tables)


def _stamp(text: str) -> str | None:
    """A text that says the stages of release, such as a title kept as a file's name; None if it does not."""
    return text if stages(text) else None


def _commodity_layout(sniffed: Sniffed) -> str:
    columns = tuple(next(csv.reader([sniffed.lines[0].lstrip("\ufeff")])))
    for layout, header in _HEADERS.items():
        if columns == header:
            return layout
    if "Custom" in columns:
        raise LayoutChanged(
            f"{sniffed.filename}: a table by customs office is not loaded: it repeats the national figures"
        )
    raise LayoutChanged(
        f"{sniffed.filename}: the columns are not those of the commodity tables: {', '.join(columns[:12])} …"
    )


def _series_header(lines: list[str]) -> int | None:
    """The position of a time series' header among the first lines; None if there is none."""
    headers = (re.sub(r'[\s"]*,[\s"]*', ",", line.strip('\ufeff" ,\r\n')) for line in lines[:_SERIES_HEAD])
    return next((at for at, header in enumerate(headers) if _SERIES.fullmatch(header)), None)


def _titles(lines: list[str], filename: str) -> str:
    """The title of a time series, which says its unit. Raises LayoutChanged if it does not."""
    title = " ".join(line.strip().strip(",").replace('"', "") for line in lines).strip()
    if not re.search("thousand yen|1,?000 ?yen|千円", title, re.IGNORECASE):
        raise LayoutChanged(f"{filename}: a time series whose title does not say thousand yen: {title or 'no title'}")
    return title


def _area(title: str) -> str | None:
    """The place a title names; the longest name counts."""
    for name in sorted(_AREAS, key=len, reverse=True):
        if re.search(rf"(?<![A-Z]){re.escape(name)}(?![A-Z])", title.upper()):
            return _AREAS[name]
    return None


_Row = tuple[str | None, ...]


def _series(path: Path, filename: str) -> Iterator[_Row]:
    lines = path.read_bytes().decode("cp932").splitlines()
    at = _series_header(lines)
    if at is None:
        raise LayoutChanged(f"{filename}: no header Years/Months among the first lines")
    title = _titles(lines[:at], filename)
    headings = [cell.strip() for cell in next(csv.reader([lines[at]]))]
    place = _area(title)
    if place is None:
        raise LayoutChanged(f"{filename}: the title names no area that is known: {title}")
    places = [_AREAS.get(h[4:].upper()) if h[4:] != "Total" else place for h in headings[1:]]
    rows = csv.reader(lines[at + 1 :])
    records = [[cell.strip() for cell in cells] for cells in rows if any(cell.strip() for cell in cells)]
    published = {area: _published(records, [n for n, a in enumerate(places, 1) if a == area]) for area in places}
    for row, (month, *cells) in enumerate(records, 1):
        for area, heading, cell in zip_longest(places, headings[1:], cells):
            if cell != "" and row <= published.get(area, len(records)):
                yield area, month, heading, *_figure(cell)


def _figure(cell: str | None) -> tuple[str | None, str | None]:
    """The number and the sign for no figure; text that is neither, or a cell that is not there, is refused later."""
    return (None, cell) if cell == "-" else ((cell or "no cell").replace(",", ""), None)


def _published(records: list[list[str]], columns: list[int]) -> int:
    """How many records there are up to the last one with a figure that is not nil in an area's columns.

    By area, for the columns of countries in the series of a region may end earlier than its own.
    """
    nil = {"", "0", "-"}
    rows = (n for n, cells in enumerate(records, 1) if any(cells[c] not in nil for c in columns if c < len(cells)))
    return max(rows, default=0)


def _copied(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        for month, exports, imports in rows:
            yield "CHN", month, "Exp-Total", exports, None
            yield "CHN", month, "Imp-Total", imports, None


def _commodity_dataset(artifact: Artifact) -> Dataset:
    stamped = _DATE.search(artifact.publisher_stamp or "")
    by_country = artifact.layout == "commodity_by_country"
    classification = "'JPHS' || a.statistical_year || CASE a.exp_or_imp WHEN '1' THEN 'X' ELSE 'M' END"
    query = sql_beside(__name__, "commodity.sql").format(
        dataset=f"jpn.customs.{artifact.layout}",
        title="commodity by country" if by_country else "commodity",
        partner="c.place" if by_country else "'WLD'",
        join="LEFT JOIN ref.place_code AS c ON c.scheme = 'jpn_customs' AND c.code = a.country_code"
        if by_country
        else "",
        classification=classification,
        published_on=f"DATE '{stamped[1]}'" if stamped else "CAST(NULL AS DATE)",
        published_precision="'day'" if stamped else "'unknown'",
    )
    products = sql_beside(__name__, "products.sql").format(classification=classification)
    schema = CommodityByCountry if by_country else Commodity
    return Dataset(schema, (Conform(facts.TRADE, query),), prepare=(products,))


def _commodities(opened: Opened) -> str:
    """Records of the table, each once for the year so far and once for each published month."""
    artifact = opened.artifact
    layout = artifact.layout or ""
    path = opened.scratch / "commodity.csv"
    last = _transcribe(opened.path, path)
    told = stages(artifact.publisher_stamp or artifact.filename)
    cases = []
    for flow in ("1", "2"):
        months = [month for direction, month in told if direction == flow]
        until = max(months, default=0) or last.get(flow, 0)
        figures = [
            _figures(month, until, told.get((flow, month or until))) for month in range(until + 1 if until else 0)
        ]
        cases.append(f"WHEN {flow!r} THEN [{', '.join(figures)}]" if figures else "")
    every = _figures(0, last.get("1") or last.get("2") or 1, None)
    keys = {"Exp or Imp": "exp_or_imp", "Year": "statistical_year", "Country": "country_code"}
    named = ", ".join(f'trim("{k}") AS {keys[k]}' for k in _KEYS[layout] if k in keys)
    cases_sql = " ".join(cases).strip()
    figures_sql = f'CASE "Exp or Imp" {cases_sql} ELSE [{every}] END' if cases_sql else f"[{every}]"
    return (
        f"(SELECT {named}, trim(\"HS\", ''' ') AS statistical_code, nullif(trim(\"Unit1\"), '') AS unit_1, "
        f"nullif(trim(\"Unit2\"), '') AS unit_2, f.* FROM (SELECT record, * EXCLUDE (record, months), unnest(months) AS f FROM "
        f"(SELECT row_number() OVER () AS record, *, {figures_sql} AS months FROM read_csv({sql.quoted(str(path))}, header = true, "
        "all_varchar = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', comment = '', skip = 0, encoding = 'utf-8'))) "
        "ORDER BY record, CAST(f.statistical_month AS INTEGER))"
    )


def _figures(month: int, last: int, stage: str | None) -> str:
    """The triplet of a month (0: the year so far) as an SQL struct of texts."""
    name = _MONTHS[month - 1] if month else "Year"
    columns = zip(_TRIPLET, ("quantity_1", "quantity_2", "thousand_yen"), strict=True)
    cells = ", ".join(f'{column}: trim("{figure}-{name}")' for figure, column in columns)
    said = sql.quoted(stage) if stage else "CAST(NULL AS VARCHAR)"
    return f"{{statistical_month: '{month}', last_month: '{last}', {cells}, release_stage: {said}}}"


def _transcribe(source: Path, target: Path) -> dict[str, int]:
    """Write the table in UTF-8; return the last month with any value by direction.

    The files come with a byte order mark in UTF-8, or in CP932. Raises LayoutChanged for text that is neither.
    """
    with source.open("rb") as file:
        encoding = "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "cp932"
    last: dict[str, int] = {}
    try:
        with source.open(encoding=encoding, newline="") as file, target.open("w", encoding="utf-8", newline="") as made:
            for line in file:
                made.write(line)
            made.flush()
    except UnicodeDecodeError as fault:
        raise LayoutChanged(f"{source.name}: neither UTF-8 nor CP932: {fault}") from fault
    with target.open(encoding="utf-8", newline="") as made:
        for record in csv.DictReader(made):
            flow = (record["Exp or Imp"] or "").strip()
            for month in range(12, last.get(flow, 0), -1):
                if (record.get(f"Value-{_MONTHS[month - 1]}") or "0").strip().strip("0"):
                    last[flow] = month
                    break
    return last


def _judge_file(request: Request, answer: Sniffed, title: str | None) -> Judged:
    if answer.kind == "html":
        raise NotData(f"{request.filename}: a page came where a CSV file was expected")
    if answer.kind != "text" or not answer.lines or not answer.lines[0].lstrip("\ufeff").startswith("Exp or Imp"):
        raise LayoutChanged(f"{request.filename}: not a commodity table")
    _commodity_layout(answer)
    with answer.path.open("rb") as file:
        rows = sum(1 for line in file if line.strip()) - 1
    if not rows:
        raise EmptyAnswer(f"{request.filename}: a header without records")
    return Judged(rows=rows, stamp=title)


def _all_series(page: str, _: dict[str, str]) -> list[Request]:
    """The time series of the world and of areas that are known by the words before their link."""
    found: dict[str, Request] = {}
    start = 0
    for link in re.finditer(r'href="([^"]*d4[12]ma\d*\.csv)"[^>]*>(.*?)</a>', page, re.DOTALL):
        words, start = re.sub(r"<[^>]*>", " ", page[start : link.end()]), link.end()
        if _area(html.unescape(words)):
            address = urljoin(_SERIES_PAGE, link[1])
            found[address] = Request(address, address.rsplit("/", 1)[1], context=(("kind", "series"),))
    return list(found.values())


def _months(page: str, context: dict[str, str]) -> list[Request]:
    """The newest month's page of each year asked for, in order of the years."""
    newest: dict[int, tuple[str, str]] = {}
    for link in re.findall(r'href="([^"]*stat-search/files\?[^"]*)"', page):
        address = html.unescape(link)
        found = re.search(r"[?&]year=(\d{4})0(?:&|$)", address), re.search(r"[?&]month=(\d+)", address)
        if not found[0] or not found[1]:
            continue
        year, month = int(found[0][1]), found[1][1]
        if int(context["first"]) <= year <= int(context["last"]) and month > newest.get(year, ("", ""))[0]:
            newest[year] = month, address.split("?", 1)[1]
    if int(context["last"]) - int(context["first"]) >= _MOST_YEARS:
        newest = {year: newest[year] for year in sorted(newest)[-1:]}
    return [
        Request(
            path="/stat-search/files", filename=f"customs_list_{context['flow']}_{year}.html",
            parameters=tuple((k, v) for k, _, v in (pair.partition("=") for pair in query.split("&"))), accept="text/html",
            context=(("kind", "files"), ("flow", context["flow"]), ("year", str(year))),
        )
        for year, (_, query) in sorted(newest.items())
    ]  # fmt: skip


def _files(page: str, context: dict[str, str]) -> list[Request]:
    """The CSV files of a month's page, with the title that says their stage and the date of release before each."""
    found: dict[str, str] = {}
    start = 0
    for link in re.finditer(r"statInfId=(\d{12})(?:&amp;|&)fileKind=1(?!\d)", page):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page[start : link.start()])))
        start = link.end()
        told = [m[0] for m in _SEGMENT.finditer(text)] + _DATE.findall(text)[-1:]
        title = " ".join(told) or next(reversed(found.values()), "")
        found.setdefault(link[1], title)
    return [
        Request(
            path="/stat-search/file-download", filename=f"customs_{context['flow']}_{context['year']}_{number}.csv",
            parameters=(("statInfId", number), ("fileKind", "1")), context=(("kind", "file"), ("title", title)),
        )
        for number, title in found.items()
    ]  # fmt: skip


SOURCE = JpnCustoms()
