"""What a file that no source recognises looks like, and which source comes nearest: the beginning of what a user can do about it."""

import csv
import json
import re
from collections.abc import Iterable, Sequence

from tasks.archive.sniff import Sniffed
from tasks.contract.source import Source

#: So many names of columns, sheets or keys are told.
_MOST_NAMES = 5
#: Of so many lines a table shows itself: above it there may be titles.
_LINES = 40
#: A source comes near if so many of its marks are in the file.
_LEAST_MARKS = 2
#: How a table with semicolons is described.
TABLE_WITH_SEMICOLONS = "a table with semicolons"
_MARKS_OF_TABLES = ",\t;|"
#: Names in JSON and XML; single letters are none.
_WORD = re.compile(r"[\w.:-]{3,}")
_ROOT = re.compile(r"<(?:\w+:)?([A-Za-z]\w*)[\s>/]")


def describe(sniffed: Sniffed) -> str:
    """What a file looks like, in words after "it looks like".

    >>> describe(sniff(Path("heights.csv")))
    'a table with commas, whose columns are name, height'
    """
    if sniffed.sheets:
        return f"a workbook, whose sheets are {_listed(list(sniffed.sheets))}"
    if sniffed.kind == "json":
        return _of_json(sniffed)
    if sniffed.kind == "xml":
        root = _ROOT.search(sniffed.text)
        return f"XML, whose root is {root[1]}" if root else "XML"
    if sniffed.kind != "text" or (b"\x00" in sniffed.head.replace(b"\xff\xfe", b"") and sniffed.encoding != "utf-16"):
        return "a file of bytes that are no text" if sniffed.kind == "text" else f"a file of the kind {sniffed.kind}"
    header, mark = _header(sniffed)
    names = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
    return f"a table with {names[mark]}, whose columns are {_listed(header)}" if header else "text without a table"


def nearest(sniffed: Sniffed, known: Iterable[Source]) -> tuple[Source, list[str]] | None:
    """The source of which most marks are in a file, and these marks; None if no source or several come near."""
    words = _words(sniffed)
    found = [(source, [mark for mark in source.marks if mark.lower() in words]) for source in known]
    most = max((len(marks) for _, marks in found), default=0)
    best = [(source, marks) for source, marks in found if len(marks) == most]
    return best[0] if most >= _LEAST_MARKS and len(best) == 1 else None


def _words(sniffed: Sniffed) -> set[str]:
    """Cells of a table's first lines, keys and names at the beginning of a file, in lower case; nothing of a text without a table."""
    if sniffed.sheets:
        cells = [str(cell) for rows in sniffed.sheets.values() for row in rows for cell in row]
        return {*(cell.strip().lower() for cell in cells), *(name.lower() for name in sniffed.sheets)}
    if sniffed.kind in ("json", "xml"):
        return {word.lower() for word in _WORD.findall(sniffed.text)}
    header, mark = _header(sniffed) if sniffed.kind == "text" else ([], "")
    cells = [cell for line in sniffed.lines[:_LINES] for cell in line.split(mark)] if header else []
    words = {cell.strip(' "\ufeff').lower() for cell in cells}
    return words | {word.partition("：")[0] for word in words}


def _header(sniffed: Sniffed) -> tuple[list[str], str]:
    """The header of a text that is a table, and the mark between its columns; nothing for another text."""
    lines = [line for line in sniffed.lines[:_LINES] if line.strip()] or sniffed.text.splitlines()[:1]
    counts = {mark: [line.count(mark) for line in lines] for mark in _MARKS_OF_TABLES}
    mark = max(_MARKS_OF_TABLES, key=lambda m: sum(counts[m]))
    most = max(counts[mark], default=0)
    if not most or sum(count >= most / 2 for count in counts[mark]) < max(2, len(lines) / 3):
        return [], mark
    line = next(line for line, count in zip(lines, counts[mark], strict=True) if count >= most / 2)
    return next(csv.reader([line.lstrip("\ufeff")], delimiter=mark)), mark


def _of_json(sniffed: Sniffed) -> str:
    content = sniffed.json
    if isinstance(content, dict):
        return f"JSON, an object whose keys are {_listed(list(content))}"
    if isinstance(content, list):
        first = content[0] if content and isinstance(content[0], dict) else {}
        return f"JSON, a list of {len(content)}" + (f" objects whose keys are {_listed(list(first))}" if first else "")
    return "JSON that is cut or damaged"


def _listed(names: Sequence[object]) -> str:
    """The first names, shortened, and how many more there are."""
    shown = [
        json.dumps(str(name)[:40].strip(), ensure_ascii=False).strip('"') or "(none)" for name in names[:_MOST_NAMES]
    ]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(shown) + more
