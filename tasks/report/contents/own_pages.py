"""Pages that a user writes: one Markdown file each, in ``reports/`` below the home folder, with queries in SQL fences.

The form is described in docs/report-pages.md. What is wrong with a page is an error that names its file and line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import duckdb
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from tasks.report import traces
from tasks.report.contents import tables
from tasks.report.contents.sentences import count
from tasks.report.model import (
    Bars,
    Chart,
    Column,
    Dumbbell,
    Exhibit,
    Heat,
    Lines,
    Page,
    Rows,
    Section,
    Shares,
    TimeLine,
    Trace,
)
from warehouse.errors import EntrepotError

_CHARTS: dict[str, type[Any]] = {
    "lines": Lines, "bars": Bars, "shares": Shares, "dumbbell": Dumbbell, "timeline": TimeLine, "heat": Heat,
}  # fmt: skip
_DIRECTIVES = ("title", "chart", "takeaway", "concept", "note", "trace")
_ONCE = ("title", "chart", "takeaway")
_DIRECTIVE = re.compile(r"--\s*(\w+):\s*(.*)")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
#: What the column of an option has to hold: the beginnings of its types in DuckDB, and how that is called.
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "DOUBLE", "FLOAT", "DECIMAL")  # fmt: skip
_HOLDS = {
    **dict.fromkeys(("y", "value", "left", "right"), (_NUMBERS, "numbers")),
    "when": (("DATE",), "dates"),
    **dict.fromkeys(("emphasis", "ringed", "seam"), (("BOOLEAN",), "true or false")),
}
_WHOLE = (("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), "years as whole numbers")
_SWITCHES = ("log", "from_zero")


class PageFault(EntrepotError):
    """Something is wrong with a page that a user has written."""


def pages_of(folder: Path) -> Callable[[duckdb.DuckDBPyConnection], Iterator[Page]]:
    """What makes the pages of the Markdown files of a folder, in the order of their names; none where there is no folder."""

    def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
        for file in sorted(folder.glob("*.md")):
            yield _OwnPage(con, file).page()

    return pages


class _OwnPage:
    """Reads one file."""

    def __init__(self, con: duckdb.DuckDBPyConnection, file: Path) -> None:
        self.con, self.file = con, file
        # Without raw HTML: what is written in a page is text, as everywhere else on the site.
        self.markdown = MarkdownIt("commonmark", {"html": False}).enable("table")

    def page(self) -> Page:
        """The page of the file. Raises PageFault."""
        if not _SLUG.fullmatch(self.file.stem):
            raise PageFault(f"{self.file}: the name of a page has small letters, digits and hyphens; rename the file")
        tokens = self.markdown.parse(self._text())
        if [token.type for token in tokens[:1]] != ["heading_open"] or tokens[0].tag != "h1":
            raise PageFault(f"{self.file}, line 1: a page begins with its title, a line such as: # Investment of Japan")
        has_lead = len(tokens) > 4 and tokens[3].type == "paragraph_open"
        # Raw HTML is text to the parser.
        lead = Markup(self.markdown.renderInline(tokens[4].content)) if has_lead else ""  # noqa: S704
        sections = list(self._sections(tokens[6 if lead else 3 :]))
        self._check_names(sections)
        return Page(f"own/{self.file.stem}.html", tokens[1].content, lead, sections, written_in=str(self.file))

    def _text(self) -> str:
        try:
            return self.file.read_text(encoding="utf-8")
        except UnicodeDecodeError as fault:
            raise PageFault(
                f"{self.file}: the file is not UTF-8 (byte {fault.start + 1}); save it as UTF-8 in your editor"
            ) from None

    def _check_names(self, sections: Sequence[Section]) -> None:
        names = [exhibit.slug for section in sections for exhibit in section.exhibits]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise PageFault(
                f"{self.file}: two fences are called {twice[0]}; each needs a name of its own, which is that of its files"
            )

    def _sections(self, tokens: Sequence[Token]) -> Iterator[Section]:
        """A section for each heading of the second level, and one more wherever text follows an exhibit."""
        title, prose, exhibits = "", list[Token](), list[Exhibit]()
        position = 0
        while position < len(tokens):
            token = tokens[position]
            is_heading, is_query = (
                token.type == "heading_open" and token.tag == "h2",
                token.type == "fence" and token.info.split()[:1] == ["sql"],
            )
            if (is_heading or (exhibits and not is_query)) and (title or prose or exhibits):
                yield self._section(title, prose, exhibits)
                title, prose, exhibits = "", [], []
            if is_heading:
                title, position = tokens[position + 1].content, position + 3
                continue
            if is_query:
                exhibits.append(self._exhibit(token))
            else:
                prose.append(token)
            position += 1
        if title or prose or exhibits:
            yield self._section(title, prose, exhibits)

    def _section(self, title: str, prose: Sequence[Token], exhibits: Sequence[Exhibit]) -> Section:
        html = Markup(self.markdown.renderer.render(prose, self.markdown.options, {}))  # noqa: S704 raw HTML is off
        return Section(title, exhibits, block="prose.html.jinja", values={"html": html})

    def _exhibit(self, fence: Token) -> Exhibit:
        line = (fence.map or [0])[0] + 1
        words = fence.info.split()
        if len(words) != 2 or not _SLUG.fullmatch(words[1]):
            raise self._fault(
                line,
                f"a fence begins with ```sql and a name of small letters, digits and hyphens, not with ```{fence.info}",
            )
        query = fence.content.strip().rstrip(";")
        given = self._directives(query, line)
        try:
            kinds = {str(name): str(kind) for name, kind, *_ in self.con.execute(f"DESCRIBE {query}").fetchall()}
            columns = tables.columns_of(self.con, query)
        except duckdb.Error as fault:
            raise self._fault(line, f"the query of {words[1]} cannot be run: {str(fault).splitlines()[0]}") from None
        names = [column.name for column in columns]
        traced = dict(self._trace(text, names, line) for text in given["trace"])
        return Exhibit(
            slug=words[1],
            title=" ".join(given["title"]) or words[1],
            sql=query,
            columns=tuple(_with_trace(column, traced.get(column.name)) for column in columns),
            takeaway=self._takeaway(query, " ".join(given["takeaway"]), line),
            chart=self._chart(given["chart"][0], kinds, line) if given["chart"] else None,
            concept=" ".join(given["concept"]),
            notes=tuple(given["note"]),
        )

    def _directives(self, query: str, line: int) -> dict[str, list[str]]:
        """The comments at the head of a query that say something about its exhibit."""
        given: dict[str, list[str]] = {name: [] for name in _DIRECTIVES}
        for offset, text in enumerate(query.splitlines(), 1):
            if not (match := _DIRECTIVE.fullmatch(text.strip())):
                break
            if match[1] not in given:
                raise self._fault(
                    line + offset, f"{match[1]} is none of the directives, which are: {', '.join(_DIRECTIVES)}"
                )
            if given[match[1]] and match[1] in _ONCE:
                raise self._fault(line + offset, f"{match[1]} is given twice; a fence has one")
            given[match[1]].append(match[2].strip())
        return given

    def _takeaway(self, query: str, asked: str, line: int) -> Callable[[Rows], str]:
        """A sentence from a query over ``exhibit``, the rows of the exhibit; so it is true of whatever is loaded."""
        if not asked:
            return lambda rows: f"{count(len(rows), 'row')}."
        try:
            row = self.con.execute(f"WITH exhibit AS ({query}) {asked}").fetchall()
        except duckdb.Error as fault:
            raise self._fault(line, f"the takeaway cannot be worked out: {str(fault).splitlines()[0]}") from None
        if len(row) != 1 or len(row[0]) != 1 or row[0][0] is None:
            raise self._fault(line, "a takeaway is one text: a query over exhibit that returns one row and one column")
        sentence = str(row[0][0])
        return lambda _: sentence

    def _chart(self, text: str, kinds: Mapping[str, str], line: int) -> Chart:
        kind, *options = text.split() or [""]
        if kind not in _CHARTS:
            raise self._fault(line, f"{kind or 'nothing'} is none of the charts, which are: {', '.join(_CHARTS)}")
        known = {field.name: field.type for field in fields(_CHARTS[kind])}
        given: dict[str, Any] = {}
        for option in options:
            name, _, value = option.partition("=")
            if name not in known:
                raise self._fault(line, f"{kind} has no option {name}; it has: {', '.join(known)}")
            if name in _SWITCHES:
                if value not in ("yes", "no"):
                    raise self._fault(line, f"{name} is yes or no, not {value!r}")
                given[name] = value == "yes"
                continue
            self._check_option(kind, name, value, kinds, line)
            given[name] = value
        try:
            made: Chart = _CHARTS[kind](**given)
        except TypeError:
            raise self._fault(
                line, f"{kind} needs more than {', '.join(given) or 'nothing'}: see docs/report-pages.md"
            ) from None
        return made

    def _check_option(self, chart: str, name: str, value: str, kinds: Mapping[str, str], line: int) -> None:
        """The column of an option is there and holds what the chart needs."""
        if value not in kinds:
            raise self._fault(line, f"the query returns no column {value!r} for {name}; it returns: {', '.join(kinds)}")
        starts, words = _WHOLE if chart == "lines" and name == "x" else _HOLDS.get(name, ((), ""))
        if starts and not kinds[value].startswith(starts):
            raise self._fault(line, f"{name} of {chart} needs a column with {words}; {value} has {kinds[value]}")

    def _trace(self, text: str, names: Sequence[str], line: int) -> tuple[str, Trace]:
        """A directive such as: value_usd fdi reporter,counterpart year."""
        words = text.split()
        if len(words) not in (3, 4) or words[1] not in traces.KINDS:
            kinds = ", ".join(traces.KINDS)
            raise self._fault(
                line,
                f"trace is: COLUMN KIND COLUMNS [COLUMN], such as: value_usd fdi reporter,counterpart year; kinds: {kinds}",
            )
        column, kind, group, *anchor = words
        of_kind = traces.KINDS[kind].group  # type: ignore[index]
        if len(group.split(",")) != len(of_kind):
            raise self._fault(line, f"figures of the kind {kind} are told apart by {' and '.join(of_kind)}: give a column, or =VALUE, for each, with a comma between")  # fmt: skip
        for name in (column, *group.split(","), *anchor):
            if name not in names and not (name.startswith("=") and name is not column):
                raise self._fault(
                    line, f"the query returns no column {name!r} to trace; it returns: {', '.join(names)}"
                )
        return column, Trace(kind, tuple(group.split(",")), *anchor)  # type: ignore[arg-type]

    def _fault(self, line: int, why: str) -> PageFault:
        return PageFault(f"{self.file}, line {line}: {why}")


def _with_trace(column: Column, trace: Trace | None) -> Column:
    return Column(column.name, column.label, column.unit, column.digits, column.divisor, trace)
