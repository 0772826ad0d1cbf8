"""Ways in which files change on their way to a user, each applied with a random generator that is given.

Those of KEEPING change the form and not what the file says: what is read from it has to be the same, or it is refused.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]


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
        return data.decode("utf-8-sig").encode(encoding)

    return mutate


def _ended(end: bytes) -> Mutation:
    def mutate(data: bytes, _: random.Random) -> bytes:
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", end)

    return mutate


def _with_mark(data: bytes, _: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf")


def _table(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text.split("\n", 1)[0] else ","))


def _written(rows: list[list[str]], data: bytes) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter="\t" if b"\t" in data.split(b"\n", 1)[0] else ",", lineterminator="\n").writerows(rows)
    return made.getvalue().encode()


def _columns_swapped(data: bytes, rng: random.Random) -> bytes:
    """Two columns change places, header and cells together."""
    rows = _table(data)
    first, second = (rng.randrange(max(map(len, rows))) for _ in range(2))
    for row in rows:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]
    return _written(rows, data)


def _rows_repeated(data: bytes, rng: random.Random) -> bytes:
    rows = _table(data)
    again = rng.sample(rows[1:], min(len(rows) - 1, rng.randint(1, 5)))
    return _written(rows + again, data)


def _header_renamed(data: bytes, rng: random.Random) -> bytes:
    rows = _table(data)
    header = rows[0]
    at = rng.randrange(len(header))
    header[at] = rng.choice([header[at].upper(), f"{header[at]} ", header[at][::-1], "", "Unnamed: 0", "名称"])
    return _written(rows, data)


def _cells_changed(data: bytes, rng: random.Random) -> bytes:
    rows = _table(data)
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = rng.choice(
                ["", "NA", "..", "1,234.5", "1.234,5", "-", "NaN", "1e400", "9" * 60, "'", "\x00", "=1+1"]
            )
    return _written(rows, data)


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
KEEPING_TABLE: dict[str, Mutation] = {"columns swapped": _columns_swapped, "rows repeated": _rows_repeated}
OF_TABLES: dict[str, Mutation] = {"a header renamed": _header_renamed, "cells changed": _cells_changed}
#: Of zip files and workbooks.
KEEPING_ZIP: dict[str, Mutation] = {"members reordered": _members_reordered}
OF_ZIP: dict[str, Mutation] = {"a member damaged": _member_damaged, "a member missing": _member_missing}

KEEPING = {*KEEPING_TEXT, *KEEPING_TABLE, *KEEPING_ZIP}


def of(data: bytes) -> dict[str, Mutation]:
    """The mutations that can be applied to a file."""
    if data.startswith(b"PK\x03\x04"):
        return OF_BYTES | KEEPING_ZIP | OF_ZIP
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return OF_BYTES
    is_table = text.lstrip()[:1] not in ("{", "[", "<", "")
    return OF_BYTES | KEEPING_TEXT | (KEEPING_TABLE | OF_TABLES if is_table else {})
