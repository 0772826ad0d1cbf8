"""What can be wrong with a written site: dead links, addresses outside it, queries that do not give their CSV, texts that are not escaped."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb

from warehouse import connection
from warehouse.errors import NotPublished
from warehouse.settings import Home

#: Elements that the templates and drawings are made of: any other one came in with a text that was not escaped.
_ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "nav",
        "ul",
        "li",
        "main",
        "div",
        "h1",
        "h2",
        "h3",
        "p",
        "span",
        "wbr",
        "section",
        "figure",
        "figcaption",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "data",
        "code",
        "pre",
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "circle",
        "text",
        "tspan",
        "footer",
        "article",
        "dl",
        "dt",
        "dd",
        "strong",
        "input",
        "label",
        "output",
        "select",
        "option",
        "defs",
        "clippath",
        "lineargradient",
        "stop",
        "form",
        "textarea",
        "button",
    ]
)
#: Attributes that make a browser load something.
_LOADING = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("image", "href"), ("use", "href"), ("source", "src"), ("form", "action")}  # fmt: skip


@dataclass
class _Page(HTMLParser):
    """What a page contains: links, names of places on it, what it loads, and elements that do not belong."""

    path: Path
    links: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self.faults.append(f"the element <{tag}> is none of the templates': a text was not escaped")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.faults.append(f"the attribute {name} of <{tag}> would run code: a text was not escaped")
        if name == "id":
            if value in self.places:
                self.faults.append(f"two elements have the id {value}")
            self.places.add(value)
        if (tag, name) in _LOADING and _is_outside(value):
            self.faults.append(f"<{tag}> loads {value} from outside the site")
        if name == "href" and not _is_outside(value):
            self.links.append(value)
        if name == "href" and value.partition(":")[0] in ("javascript", "data", "vbscript"):
            self.faults.append(f"a link would run code: {value[:60]}")


def _is_outside(address: str) -> bool:
    return address.startswith(("http://", "https://", "//"))


def faults(home: Home, on_progress: Callable[[str], None]) -> list[str]:
    """What is wrong with the site of a home folder, one message a fault; nothing if all is well. Raises NotPublished."""
    if not (home.site / "index.html").exists():
        raise NotPublished(f"there is no report site in {home.root} yet: run `entrepot report`")
    on_progress("checking links and escapes")
    found = list(faults_of_pages(home.site))
    on_progress("running the queries of charts and tables again")
    with connection.reader(home) as con:
        found += _query_faults(con, home.site)
    return found


def faults_of_pages(site: Path) -> Iterator[str]:
    """Dead links, texts that are not escaped, and addresses outside the site, in the pages of a folder.

    What follows # is a place on the page, or choices such as measure=gdp_cny, which the page's script reads.
    """
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        where = path.relative_to(site)
        yield from (f"{where}: {fault}" for fault in page.faults)
        for link in dict.fromkeys(page.links):
            file, _, place = link.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            if not target.is_relative_to(site) or not target.is_file():
                yield f"{where}: the link {link} leads to no file"
            elif place and "=" not in place and target in pages and unquote(place) not in pages[target].places:
                yield f"{where}: the link {link} leads to no place on its page"


def _read(path: Path) -> _Page:
    page = _Page(path)
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _query_faults(con: duckdb.DuckDBPyConnection, site: Path) -> Iterator[str]:
    """Exhibits whose printed query does not return the rows of their CSV file."""
    for query in sorted(site.rglob("*.sql")):
        where = query.relative_to(site)
        try:
            again = rows_as_csv(con, query.read_text(encoding="utf-8"))
        except duckdb.Error as fault:
            yield f"{where}: the query cannot be run: {str(fault).splitlines()[0]}"
            continue
        written = read_csv(query.with_suffix(".csv").read_text(encoding="utf-8-sig"))
        if again[:1] != written[:1] or sorted(again[1:]) != sorted(
            written[1:]
        ):  # rows that sort alike may change places
            yield f"{where}: the query does not return what is in {query.with_suffix('.csv').name}"


def read_csv(text: str) -> list[list[str]]:
    """The records of a CSV file."""
    return list(csv.reader(io.StringIO(text, newline="")))


def rows_as_csv(con: duckdb.DuckDBPyConnection, query: str) -> list[list[str]]:
    """The records of the CSV file of a query, with its heading."""
    result = con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (\n{query.strip()}\n)")
    names = [str(column[0]) for column in result.description or []]
    return [names, *(["" if value is None else value for value in row] for row in result.fetchall())]
