"""Ways in which files change on their way to a user, each applied with a random generator that is given.

Those of KEEPING change the form and not what the file says: what is read from it has to be the same, or it is refused. A header
that is renamed may lose what it names, and must not change what is left.
"""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import openpyxl

Mutation = Callable[[bytes, random.Random], bytes]


class DoesNotApply(Exception):
    """The mutation has no meaning for this file, such as an encoding that lacks its letters."""


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at : at + rng.randint(1, 400)] * 2 + data[at:]


def _without_part(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randint(1, 200) :]


def _encoded(encoding: str) -> Mutation:
    def mutate(data: bytes, _: random.Random) -> bytes:
        try:
            return data.decode("utf-8-sig").encode(encoding)
        except UnicodeEncodeError:
            raise DoesNotApply from None

    return mutate


def _ended(end: bytes) -> Mutation:
    def mutate(data: bytes, _: random.Random) -> bytes:
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", end)

    return mutate


def _with_mark(data: bytes, _: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf")


# -- tables as text ------------------------------------------------------------------------------------------


def _delimiter(data: bytes) -> str:
    first = data.split(b"\n", 1)[0]
    return max("\t,;", key=lambda mark: first.count(mark.encode()))


def _table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=_delimiter(data)))


def _written(rows: Sequence[Sequence[str]], data: bytes) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=_delimiter(data), lineterminator="\n").writerows(rows)
    return made.getvalue().encode()


def _of_table(change: Callable[[list[list[Any]], random.Random], None]) -> Mutation:
    """A change of rows as a mutation of a text."""

    def mutate(data: bytes, rng: random.Random) -> bytes:
        rows = _table(data)
        change(rows, rng)
        return _written(rows, data)

    return mutate


def _of_sheet(change: Callable[[list[list[Any]], random.Random], None]) -> Mutation:
    """A change of rows as a mutation of a sheet of a workbook."""

    def mutate(data: bytes, rng: random.Random) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = rng.choice(book.worksheets)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        change(rows, rng)
        try:
            _fill(sheet, rows)
        except openpyxl.utils.exceptions.IllegalCharacterError:
            raise DoesNotApply from None
        return _saved(book)

    return mutate


def _fill(sheet: Any, rows: list[list[Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(cell, openpyxl.cell.cell.MergedCell):
                raise DoesNotApply
            cell.value = value


def _saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _sheets_reordered(data: bytes, rng: random.Random) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    if len(book.sheetnames) < 2:
        raise DoesNotApply
    for sheet in rng.sample(book.worksheets, len(book.worksheets)):
        book.move_sheet(sheet, rng.randint(-len(book.worksheets), len(book.worksheets)))
    return _saved(book)


def _saved_again(data: bytes, _: random.Random) -> bytes:
    return _saved(openpyxl.load_workbook(io.BytesIO(data)))


def _columns_swapped(rows: list[list[Any]], rng: random.Random) -> None:
    """Two columns change places, header and cells together."""
    first, second = (rng.randrange(max(map(len, rows))) for _ in range(2))
    for row in rows:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]


def _rows_repeated(rows: list[list[Any]], rng: random.Random) -> None:
    rows += rng.sample(rows[1:], min(len(rows) - 1, rng.randint(1, 5)))


def _header_renamed(rows: list[list[Any]], rng: random.Random) -> None:
    """A cell of the first full row that is not itself a period."""
    header = next((row for row in rows[:8] if sum(cell not in (None, "") for cell in row) > 1), rows[0])
    names = [at for at, cell in enumerate(header) if not any(c.isdigit() for c in str(cell))]
    if not names:
        raise DoesNotApply
    at, name = names[rng.randrange(len(names))], str
    was = name(header[at] or "")
    header[at] = rng.choice(
        [was.upper(), f"{was} ", was[::-1], "", "Unnamed: 0", "名称", name(header[rng.randrange(len(header))])]
    )


def _cells_changed(rows: list[list[Any]], rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = rng.choice(
                ["", "NA", "..", "1,234.5", "1.234,5", "-", "NaN", "1e400", "9" * 60, "'", "\x00", "=1+1"]
            )


# -- JSON ----------------------------------------------------------------------------------------------------


def _field_changed(data: bytes, rng: random.Random) -> bytes:
    """A field or an element, anywhere, goes or is of another type."""
    body = json.loads(data.decode("utf-8-sig"))
    within, key = rng.choice(list(_fields(body)) or [(None, None)])
    if within is None:
        raise DoesNotApply
    if rng.random() < 0.3:
        del within[key]
    else:
        within[key] = rng.choice([None, 7, "x", [], {}, [within[key]]])
    return json.dumps(body, ensure_ascii=False).encode()


def _fields(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every field of objects, and the first elements of lists: what it lies in, and its key."""
    keys = list(node) if isinstance(node, dict) else range(min(len(node), 4)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _fields(node[key])


# -- archives ------------------------------------------------------------------------------------------------


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [(name, file.read(name)) for name in file.namelist()]


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


def _members_reordered(data: bytes, rng: random.Random) -> bytes:
    members = _members(data)
    rng.shuffle(members)
    return _packed(members)


def _member_damaged(data: bytes, rng: random.Random) -> bytes:
    members = _members(data)
    at = rng.randrange(len(members))
    name, content = members[at]
    members[at] = (name, _flipped(content, rng) if content else content)
    return _packed(members)


def _member_missing(data: bytes, rng: random.Random) -> bytes:
    members = _members(data)
    members.pop(rng.randrange(len(members)))
    return _packed(members)


#: Of any file.
OF_BYTES: dict[str, Mutation] = {
    "bytes flipped": _flipped, "cut": _cut, "a part doubled": _doubled, "a part missing": _without_part,
}  # fmt: skip
#: Of text in UTF-8, and of tables.
KEEPING_TEXT: dict[str, Mutation] = {
    "in UTF-16": _encoded("utf-16"), "in GB18030": _encoded("gb18030"), "in ISO-8859-1": _encoded("iso-8859-1"),
    "in cp1252": _encoded("cp1252"), "in Mac Roman": _encoded("mac_roman"), "with CR": _ended(b"\r"),
    "with CRLF": _ended(b"\r\n"), "with LF": _ended(b"\n"), "with a byte order mark": _with_mark,
}  # fmt: skip
KEEPING_TABLE = {"columns swapped": _of_table(_columns_swapped), "rows repeated": _of_table(_rows_repeated)}
OF_TABLES = {"a header renamed": _of_table(_header_renamed), "cells changed": _of_table(_cells_changed)}
OF_JSON: dict[str, Mutation] = {"a field changed": _field_changed}
#: Of workbooks.
KEEPING_WORKBOOK: dict[str, Mutation] = {
    "sheets reordered": _sheets_reordered, "saved again": _saved_again,
    "columns swapped": _of_sheet(_columns_swapped), "rows repeated": _of_sheet(_rows_repeated),
}  # fmt: skip
OF_WORKBOOKS = {"a header renamed": _of_sheet(_header_renamed), "cells changed": _of_sheet(_cells_changed)}
#: Of zip files and workbooks.
KEEPING_ZIP: dict[str, Mutation] = {"members reordered": _members_reordered}
OF_ZIP: dict[str, Mutation] = {"a member damaged": _member_damaged, "a member missing": _member_missing}

KEEPING = {*KEEPING_TEXT, *KEEPING_TABLE, *KEEPING_WORKBOOK, *KEEPING_ZIP}
RENAMING = {"a header renamed"}


def of(data: bytes) -> dict[str, Mutation]:
    """The mutations that can be applied to a file."""
    if data.startswith(b"\x1f\x8b"):
        return OF_BYTES | {kind: _in_gz(mutation) for kind, mutation in of(gzip.decompress(data)).items()}
    if data.startswith(b"PK\x03\x04"):
        return OF_BYTES | KEEPING_ZIP | OF_ZIP | _of_parts(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return OF_BYTES
    begins = text.lstrip()[:1]
    if begins in ("<", ""):
        return OF_BYTES | KEEPING_TEXT
    return OF_BYTES | KEEPING_TEXT | (OF_JSON if begins in ("{", "[") else KEEPING_TABLE | OF_TABLES)


def _of_parts(data: bytes) -> dict[str, Mutation]:
    """What can be done to a workbook, or to the first member of another zip file."""
    members = _members(data)
    if any(name.startswith("xl/") for name, _ in members):
        return KEEPING_WORKBOOK | OF_WORKBOOKS
    first = members[0][1] if members else b""
    return {} if first.startswith(b"PK") else {kind: _in_zip(mutation) for kind, mutation in of(first).items()}


def _in_gz(mutation: Mutation) -> Mutation:
    return lambda data, rng: gzip.compress(mutation(gzip.decompress(data), rng), mtime=0)


def _in_zip(mutation: Mutation) -> Mutation:
    def mutate(data: bytes, rng: random.Random) -> bytes:
        (name, content), *others = _members(data)
        return _packed([(name, mutation(content, rng)), *others])

    return mutate
