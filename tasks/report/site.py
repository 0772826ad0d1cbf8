"""Writing the report site: pages, the files beside each exhibit, and the pages that numbers are traced to.

The site is written beside the last one and takes its place when it is whole. Links are relative, so that it opens from a double
click and from any host.
"""

import json
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup, escape

from tasks.identity import closure, fingerprint
from tasks.report import charts, drawing, files, refusals, results, traces
from tasks.report.model import Column, Exhibit, Page, PageMaker, Row, Rows
from tasks.report.results import Result, Source, Sources
from tasks.report.traces import Requests
from warehouse import connection
from warehouse.connection import one
from warehouse.errors import HomeError
from warehouse.settings import Home

#: Rows in the tables of a page above which what is far below is laid out when a reader comes near.
_LONG = 900
_STATE = "site.json"
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_LONG_CODE = re.compile(r"[A-Za-z0-9_.]{12,}")


@dataclass(frozen=True)
class Written:
    """What was done: where the site is, how many pages and exhibits it has, and whether it is new."""

    index: str
    pages: int
    exhibits: int
    is_new: bool


@dataclass(frozen=True)
class _Exhibited:
    """An exhibit with its sentence and sources, its rows, which wait in a file, and its charts, which are being drawn."""

    exhibit: Exhibit
    takeaway: str
    sources: tuple[Source, ...]
    kept_rows: Path
    drawings: dict[str, Future[Path]]

    def rows(self) -> Rows:
        """The rows, read from their file."""
        rows: Rows = pickle.loads(self.kept_rows.read_bytes())  # noqa: S301 written by this process
        return rows


@dataclass(frozen=True)
class _Ready:
    """A page with its exhibits."""

    page: Page
    exhibits: dict[str, _Exhibited]


def write(
    home: Home, makers: Sequence[PageMaker], on_progress: Callable[[str], None], *, anyway: bool = False
) -> Written:
    """Write the site of the published file; where neither the release nor the code has changed, leave it as it is.

    Raises NotPublished, ChartRefused, ExhibitFailed, HomeError.
    """
    with connection.reader(home) as con:
        state = _state(con, home)
        if not anyway and (known := _known(home, state)):
            return known
        target = home.site.with_name(".site.new")
        shutil.rmtree(target, ignore_errors=True)
        try:
            with drawing.Drawer() as drawer, tempfile.TemporaryDirectory() as kept:
                written = _Writer(con, home, target, state, drawer, Path(kept)).write(makers, on_progress)
            _swap_in(home, target)
        except OSError as fault:
            raise HomeError(f"the site cannot be written to {home.site}: {fault.strerror or fault}") from fault
    return written


def _state(con: duckdb.DuckDBPyConnection, home: Home) -> dict[str, str]:
    """What a site is made from: a release, the code, and the user's own pages."""
    release, built_at = one(con.execute("SELECT release, built_at FROM meta.releases ORDER BY release DESC LIMIT 1"))
    return {"release": release, "as_of": built_at.strftime("%Y-%m-%d %H:%M UTC"), "code": _code(home)}


def _code(home: Home) -> str:
    """The hash of the code, queries, templates, styles and own pages that a site is made with."""
    tree = closure.of_process()
    modules = [tree.module(name) for name in ("tasks.report.site", "tasks.report.contents")]
    beside = sorted((resources.files(__package__) / "templates").iterdir(), key=lambda file: file.name)
    texts = [
        file.read_bytes().decode("utf-8", "replace")
        for file in (*beside, *sorted(home.reports.glob("*.md")))
        if file.is_file()
    ]
    return fingerprint.of(tree.hash(modules, with_descriptions=True), *texts)


def _known(home: Home, state: dict[str, str]) -> Written | None:
    """The site as it is, if it is of this release and code."""
    try:
        stored = json.loads((home.site / _STATE).read_bytes())
    except (OSError, ValueError):
        return None
    if {name: stored.get(name) for name in state} != state:
        return None
    return Written(str(home.site / "index.html"), stored["pages"], stored["exhibits"], False)


def _swap_in(home: Home, target: Any) -> None:
    old = home.site.with_name(".site.old")
    shutil.rmtree(old, ignore_errors=True)
    if home.site.exists():
        home.site.rename(old)
    target.rename(home.site)
    shutil.rmtree(old, ignore_errors=True)


def relative(path: str, page: str) -> str:
    """The address of a file of the site as seen from a page; both are paths from the root, ``path`` may have an anchor."""
    file, _, anchor = path.partition("#")
    return os.path.relpath(file, os.path.dirname(page) or ".") + (f"#{anchor}" if anchor else "")  # noqa: PTH120 addresses


class _Writer:
    """Writes one site."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        home: Home,
        target: Path,
        state: dict[str, str],
        drawer: drawing.Drawer,
        kept: Path,
    ) -> None:
        self.con, self.home, self.target, self.state, self.drawer, self.kept = con, home, target, state, drawer, kept
        self.requests = Requests()
        self.exhibits = 0
        self.sources = Sources(con)
        self.members = _members(con)
        self.targets: set[str] = set()
        self.templates = _templates()
        self.program = version("entrepot")  # reading it takes a millisecond, too long for each page and exhibit

    def write(self, makers: Sequence[PageMaker], on_progress: Callable[[str], None]) -> Written:
        """Write all pages and files."""
        on_progress("report: asking the published file")
        # All pages are made before any is asked: what is wrong with a user's is told at once.
        pages = [page for maker in makers for page in maker(self.con)]
        ready = [self._ask(page) for page in pages]
        named = _named_on_others([one.page for one in ready])
        traced = 0
        for page in traces.pages(self.con, self.home, self.requests, on_progress):
            names = page.named()
            self.targets |= {f"{page.path}#{traces.anchor_of(anchor)}" for anchor in page.parts}
            self.targets |= {f"{page.path}#{name}" for name in names.values()}
            self._render(
                "trace.html.jinja",
                page.path,
                named,
                trace=page,
                anchor_of=traces.anchor_of,
                name_of=lambda figure, names=names: names.get(id(figure)),
            )
            traced += 1
        on_progress(f"report: writing {len(ready)} pages beside {traced} pages of sources")
        self._write_assets()
        for one_page in ready:
            self._write_page(one_page, named)
        state = {**self.state, "pages": len(ready) + traced, "exhibits": self.exhibits}
        (self.target / _STATE).write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
        return Written(str(self.home.site / "index.html"), len(ready) + traced, self.exhibits, True)

    def _ask(self, page: Page) -> _Ready:
        """Make the exhibits of a page and their files; charts that the rows cannot carry are refused."""
        found: dict[str, _Exhibited] = {}
        for section in page.sections:
            for target in section.traced:
                self.requests.add_target(*target)
            for exhibit in section.exhibits:
                if exhibit.slug in found:
                    raise ValueError(f"{page.path} has two exhibits {exhibit.slug}")
                found[exhibit.slug] = self._exhibited(page, exhibit)
        return _Ready(page, found)

    def _exhibited(self, page: Page, exhibit: Exhibit) -> _Exhibited:
        """Run an exhibit's query, write its files and have its chart drawn. Its rows wait in a file until it is known what can be traced."""
        result = results.run(self.con, page, exhibit, self.sources)
        refusals.check_on_page(page, exhibit, exhibit.in_chart(result.rows), self.members)
        takeaway = exhibit.takeaway(result.rows) if result.rows else exhibit.missing
        files.write(self.con, self.target, page, result, takeaway, {**self.state, "program": self.program})
        for column in exhibit.columns:
            for row in result.rows if column.traces else ():
                self.requests.add(column, row)
        for printed in exhibit.behind if result.rows else ():
            self.requests.add_target(printed.kind, printed.group, printed.anchor)
        kept = self.kept / str(self.exhibits)
        kept.write_bytes(pickle.dumps(result.rows))
        self.exhibits += 1
        return _Exhibited(exhibit, takeaway, result.sources, kept, self._drawings(page, result, takeaway))

    def _write_assets(self) -> None:
        folder = self.target / "assets"
        folder.mkdir(parents=True)
        for name in ("style.css", "script.js", "ask.js"):
            text = (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")
            (folder / name).write_text(text, encoding="utf-8")

    def _write_page(self, ready: _Ready, pages: Sequence[Page]) -> None:
        page = ready.page
        shown = {slug: self._shown(page, exhibited) for slug, exhibited in ready.exhibits.items()}
        self._render(
            "page.html.jinja",
            page.path,
            pages,
            page=page,
            shown=shown,
            with_rows={slug for slug, one in shown.items() if one["rows"]},
            is_traced=self.targets.__contains__,
        )
        for values in shown.values():  # Jinja's contexts are rings of references, which Python frees late
            values.clear()
        if page.beside:
            page.beside(self.target / page.folder)

    def _render(self, template: str, path: str, pages: Sequence[Page], **values: Any) -> None:
        def at(target: str) -> str:
            return relative(target, path)

        text = self.templates.get_template(template).render(
            at=at, path=path, pages=pages, state=self.state, program=self.program, **values
        )
        file = self.target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")

    def _shown(self, page: Page, exhibited: _Exhibited) -> dict[str, Any]:
        """What the template needs of an exhibit."""
        led = self._led_from(page)
        return {
            "exhibit": exhibited.exhibit,
            "rows": exhibited.rows(),
            "takeaway": exhibited.takeaway,
            "sources": exhibited.sources,
            "behind": [(relative(address, page.path), label) for address, label in self._behind(exhibited.exhibit)],
            "drawings": {
                size: Markup(drawing.with_links(drawn.result().read_text(encoding="utf-8"), led))  # noqa: S704 Vega escapes texts
                for size, drawn in exhibited.drawings.items()
            },
            "cell": lambda row, column: self._cell(page, row, column),
        }

    def _drawings(self, page: Page, result: Result, takeaway: str) -> dict[str, Future[Path]]:
        """The chart for wide pages and for phones, or the one small one. Where its numbers lead is not known yet: all have links."""
        exhibit, rows = result.exhibit, result.exhibit.in_chart(result.rows)
        if not charts.can_be_drawn(exhibit, rows):
            return {}

        def link(row: Row, column: Column) -> str | None:
            address = _address_of_trace(row, column)
            return relative(address, page.path) if address else None

        label = escape(f"{exhibit.title}. {takeaway}")
        sizes = ("small",) if exhibit.size == "small" or exhibit.small_chart else ("wide", "narrow")
        return {
            size: self.drawer.draw(
                charts.spec(exhibit, rows, charts.WIDTHS[size], link), f"{exhibit.slug}-{size}", label
            )
            for size in sizes
        }

    def _led_from(self, page: Page) -> Callable[[str], str | None]:
        """Gives for an address as seen from a page where it leads on the pages of sources, if anywhere."""
        folder = os.path.dirname(page.path)  # noqa: PTH120 addresses

        def led(address: str) -> str | None:
            found = self._place(os.path.normpath(os.path.join(folder, address)))  # noqa: PTH118 addresses
            return relative(found, page.path) if found else None

        return led

    def _place(self, address: str) -> str | None:
        """A figure on the pages of sources, the part of the page if the figure has no name there, or None."""
        return next((one for one in (address, traces.part_of(address)) if one in self.targets), None)

    def _behind(self, exhibit: Exhibit) -> list[tuple[str, str]]:
        """Addresses and words of the printed rows behind an exhibit, as far as the site has them."""
        found = [(traces.address_of(one.kind, one.group, one.anchor), one.label) for one in exhibit.behind]
        return [(address, label) for address, label in found if address in self.targets]

    def _trace(self, page: Page, row: Row, column: Column) -> str | None:
        """The address of the trace of a number as seen from a page, if the site has it."""
        address = _address_of_trace(row, column)
        place = self._place(address) if address else None
        return relative(place, page.path) if place else None

    def _cell(self, page: Page, row: Row, column: Column) -> Markup:
        """A cell of a table: the number as text, with its exact value, and a link to where it comes from."""
        value = row[column.name]
        text = self._documents(value) if column.is_dataset and value else _breaking(column.written(value))
        if value is None:
            return Markup('<span class="none" title="no figure">{}</span>').format(text)
        if column.is_number:
            text = Markup('<data value="{}">{}</data>').format(value, text)
        if address := self._trace(page, row, column):
            source = column.source_in(row) or "where this number comes from"
            return Markup('<a href="{}" title="{}">{}</a>').format(address, source, text)
        if column.link and row[column.link] and column.is_number:
            title = "what this number is made of"
            return Markup('<a href="{}" title="{}">{}</a>').format(relative(row[column.link], page.path), title, text)
        if column.link and row[column.link]:
            return Markup('<a href="{}">{}</a>').format(relative(row[column.link], page.path), text)
        return text

    def _documents(self, datasets: Any) -> Markup:
        """The documents of datasets, in words, each with the name of the dataset."""
        parts = []
        for dataset in str(datasets).split("; "):
            source, code = self.sources.named(dataset), _breaking(dataset)
            said = Markup("{}: {} ").format(source.publisher, source.document) if source else ""
            parts.append(Markup('{}<code class="id">{}</code>').format(said, code))
        return Markup("; ").join(parts)


def _address_of_trace(row: Row, column: Column) -> str | None:
    """Where a number is traced to, from the root of the site; None where it is not traced."""
    target = traces.target_of(column, row) if row[column.name] is not None else None
    if target is None:
        return None
    address = traces.address_of(*target)
    return traces.figure_of(address, row[column.name]) if column.is_number else address


def _named_on_others(pages: Sequence[Page]) -> list[Page]:
    """The pages that other pages name: those without a parent, and parents."""
    parents = {page.parent for page in pages}
    return [page for page in pages if page.parent is None or page.path in parents]


def _members(con: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """The members of each group of places, and the places within each place."""
    query = "SELECT place_group, list(DISTINCT member) FROM ref.place_group GROUP BY ALL UNION ALL SELECT parent, list(place) FROM ref.place WHERE parent IS NOT NULL GROUP BY ALL"
    members: dict[str, frozenset[str]] = {}
    for group, places in con.execute(query).fetchall():
        members[group] = members.get(group, frozenset()) | frozenset(places)
    return members


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["is_address"] = lambda text: str(text).startswith(("https://", "http://"))
    environment.filters["length_class"] = _length_class
    environment.filters["whole_dates"] = _whole_dates
    environment.filters["runs"] = lambda exhibits: [
        (size, list(run)) for size, run in groupby(exhibits, lambda exhibit: exhibit.size)
    ]
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment


def _whole_dates(text: str) -> Markup:
    """A sentence in which dates stay on one line."""
    return Markup(_DATE.sub(r'<span class="short">\g<0></span>', str(escape(text))))  # noqa: S704 escaped


def _breaking(text: str) -> Markup:
    """A text in which a long code may go on in the next line after its dots and underscores."""
    escaped = escape(text)
    return Markup(re.sub(r"(?<=[._])(?=\w)", "<wbr>", str(escaped))) if _LONG_CODE.fullmatch(text) else escaped  # noqa: S704 escaped


def _length_class(text: str) -> Markup:
    """The class of a cell by its text: dates and codes stay on one line, long codes are broken anywhere, sentences have room."""
    if len(text) <= 12:
        return Markup(' class="short"')
    if max(map(len, text.split())) > 44:
        return Markup(' class="long"')
    if len(text) > 200:
        return Markup(' class="essay"')
    if len(text) > 70:
        return Markup(' class="text-cell"')
    return Markup(' class="phrase"') if len(text) > 24 else Markup("")
