"""Which layout a file of National Data has, and its figures: exports, answers of the two services as JSON or as CSV, and panels."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tasks.archive.sniff import Sniffed, sniff
from tasks.archive.store import SetAside
from tasks.contract.source import Recognised
from tasks.formats import numbers
from tasks.sources.chn_nbs import answers, catalogue, client_csv, exports, figures, panels
from tasks.sources.chn_nbs.figures import Figure
from warehouse.errors import EmptyAnswer, LayoutChanged

#: Layouts: one for exports, one for the answers of each service, one for answers that a client wrote as CSV, one for each panel
#: (``panel.carbonemission``).
EXPORT, OLD_ANSWER, NEW_ANSWER, CLIENT, PANEL = "export", "easyquery", "esdata", "easyquery.csv", "panel."
#: How many names of indicators a description has.
_NAMED = 3


def recognised(sniffed: Sniffed) -> Recognised | None:
    """An export, an answer or a panel; None for other files. Raises LayoutChanged, EmptyAnswer, ErrorInBody, RepeatedKeys."""
    if sniffed.kind == "json":
        return _recognised_answer(sniffed) or _recognised_panel(panels.of_json(sniffed.json, sniffed.filename))
    if sniffed.kind in ("xls", "xlsx"):
        return _recognised_export(sniffed) if _begins_like_export(_first_cells(sniffed)) else None
    if sniffed.kind != "text":
        return None
    header = panels.header(sniffed.text)
    if panel := panels.of_header(header, sniffed.filename):
        return _recognised_panel(panel)
    if client_csv.is_table(header):
        rows = list(client_csv.figures_of(sniffed.path, f"chn.nbs, {sniffed.filename}"))
        return Recognised(CLIENT, _described("answer of National Data as CSV", rows))
    return _recognised_export(sniffed) if _begins_like_export(sniffed.lines[:8]) else None


def records(path: Path, layout: str, where: str) -> Iterator[tuple[str | None, ...] | SetAside]:
    """Records in the order of figures.COLUMNS, or for a panel of panels.COLUMNS. Raises LayoutChanged."""
    if layout.startswith(PANEL):
        return panels.rows(path, layout.removeprefix(PANEL), where)
    return (
        replace(figure, value=numbers.without_separators(figure.value)).row(catalogue.meaning_or_unknown(figure.name))
        for figure in _figures(path, layout, where)
    )


def columns(layout: str) -> tuple[str, ...]:
    """The columns of ``records``."""
    return panels.COLUMNS if layout.startswith(PANEL) else figures.COLUMNS


def _figures(path: Path, layout: str, where: str) -> Iterator[Figure]:
    """All figures of an export or answer, values as printed. Raises LayoutChanged."""
    if layout == CLIENT:
        return client_csv.figures_of(path, where)
    sniffed = sniff(path)
    if layout == OLD_ANSWER:
        return answers.old_figures(sniffed.json, where)
    if layout == NEW_ANSWER:
        return answers.new_figures(sniffed.json, where)
    export = exports.parse(exports.read(path, sniffed.kind, where), where)
    if export is None:
        raise LayoutChanged(f"the file is not an export of National Data: {where}. Export it again")
    return exports.figures_of(export, where)


def _recognised_answer(sniffed: Sniffed) -> Recognised | None:
    if not any(mark in sniffed.text[:4096] for mark in ('"returncode"', '"wdcode"', '"values"')):
        return None
    body, where = sniffed.json, f"chn.nbs, {sniffed.filename}"
    if answers.is_old_tree(body):
        raise EmptyAnswer(f"a list of indicators of the old service, without figures: {where}")
    if answers.is_old(body):
        rows, layout = list(answers.old_figures(body, where)), OLD_ANSWER
    elif answers.is_new(body) and any("i_showname" in value for block in body["data"] for value in block["values"]):
        rows, layout = list(answers.new_figures(body, where)), NEW_ANSWER
    else:
        return None
    answers.check(rows, where)
    return Recognised(layout, f"answer of National Data with {len(rows)} figures")


def _recognised_export(sniffed: Sniffed) -> Recognised | None:
    if sniffed.size > exports.MOST_BYTES:
        return None
    where = f"chn.nbs, {sniffed.filename}"
    export = exports.parse(exports.read(sniffed.path, sniffed.kind, where), where)
    if export is None:
        return None
    rows = list(exports.figures_of(export, where))
    if not rows:
        raise EmptyAnswer(f"an export of National Data without a single published figure: {where}")
    description = _described(f"export of National Data: {export.database}", rows, ", ")
    return Recognised(EXPORT, description, exports.stamp(sniffed.filename, sniffed.path, sniffed.kind))


def _recognised_panel(panel: str | None) -> Recognised | None:
    return Recognised(f"{PANEL}{panel}", panels.PANELS[panel].title) if panel else None


def _described(what: str, rows: list[Figure], before_names: str = ": ") -> str:
    """What a file is, with the first names of its indicators and the number of its figures."""
    names = list(dict.fromkeys(figure.name for figure in rows))
    listed = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return f"{what}{before_names}{listed}, {len(rows)} figures"


def _first_cells(sniffed: Sniffed) -> list[str]:
    return [str(row[0]) for rows in sniffed.sheets.values() for row in rows[:8] if row]


def _begins_like_export(lines: list[str]) -> bool:
    return any(line.lstrip("\ufeff").startswith(("数据库", "地区", "指标", "时间")) for line in lines)
