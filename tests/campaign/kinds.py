"""The kinds of faults of an answer: of its figures, before they are written, and of its bytes, as they go over the line."""

import io
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import py7zr

from tests.campaign.publishers import Asked, seven_zip

#: Makes an answer faulty. Raises DoesNotApply.
Kind = Callable[[Asked, random.Random], bytes]


class DoesNotApply(Exception):
    """The kind of fault has no place in answers of this publisher."""


# -- values --------------------------------------------------------------------------------------------------


def _times(factor: str) -> Kind:
    def make(asked: Asked, _: random.Random) -> bytes:
        return asked.answer([replace(f, value=_scaled(f.value, factor)) for f in asked.figures])

    return make


def _scaled(printed: str, factor: str) -> str:
    has_marks = "," in printed
    try:
        value = Decimal(printed.replace(",", "")) * Decimal(factor)
    except InvalidOperation as fault:
        raise DoesNotApply from fault
    return f"{value:,f}" if has_marks else f"{value:f}"


def _one_value(change: Callable[[str], str]) -> Kind:
    def make(asked: Asked, rng: random.Random) -> bytes:
        at = rng.randrange(len(asked.figures))
        figures = [replace(f, value=change(f.value)) if n == at else f for n, f in enumerate(asked.figures)]
        return asked.answer(figures)

    return make


def _negative(minus: str) -> Kind:
    def make(asked: Asked, rng: random.Random) -> bytes:
        if asked.may_be_negative:
            raise DoesNotApply
        return _one_value(lambda value: minus + value)(asked, rng)

    return make


# -- what the figures are of ---------------------------------------------------------------------------------


def _year(of: Callable[[int], int | str], *, is_all: bool = True) -> Kind:
    def make(asked: Asked, rng: random.Random) -> bytes:
        if of(2016) == 1996 and asked.source.scope(asked.request).first is None:
            raise DoesNotApply  # all years were asked for
        at = rng.randrange(len(asked.figures))
        return asked.answer([
            replace(f, period=_in_year(f.period, of)) if is_all or n == at else f for n, f in enumerate(asked.figures)
        ])  # fmt: skip

    return make


def _in_year(period: str, of: Callable[[int], int | str]) -> str:
    match = re.search(r"(19|20)\d\d", period)
    if match is None:
        raise DoesNotApply
    year = of(int(match[0]))
    return period.replace(match[0], f"{year:04d}" if isinstance(year, int) else year)


def _other_place(asked: Asked, _: random.Random) -> bytes:
    if asked.other_place is None:
        raise DoesNotApply
    first = asked.figures[0].place
    return asked.answer([replace(f, place=asked.other_place) if f.place == first else f for f in asked.figures])


def _swapped(asked: Asked, _: random.Random) -> bytes:
    if any(f.partner is None for f in asked.figures):
        raise DoesNotApply
    return asked.answer([replace(f, place=f.partner or "", partner=f.place) for f in asked.figures])


def _names_swapped(asked: Asked, _: random.Random) -> bytes:
    names = list(dict.fromkeys(f.name for f in asked.figures if f.name))
    if len(names) < 2:
        raise DoesNotApply
    other = {names[0]: names[1], names[1]: names[0]}
    return asked.answer([replace(f, name=other.get(f.name or "", f.name)) for f in asked.figures])


def _other_unit(asked: Asked, _: random.Random) -> bytes:
    if any(f.unit is None for f in asked.figures):
        raise DoesNotApply
    return asked.answer([replace(f, unit=_UNITS.get(f.unit or "", f"thousand {f.unit}")) for f in asked.figures])


_UNITS = {"亿元": "万元", "US$1,000": "RMB 10,000", "人": "千人", "Yen per U.S. Dollar": "Yen per Euro"}


# -- rows ----------------------------------------------------------------------------------------------------


def _without(share: float) -> Kind:
    def make(asked: Asked, _: random.Random) -> bytes:
        kept = max(1, round(len(asked.figures) * (1 - share)))
        return asked.answer(asked.figures[:kept])

    return make


def _empty(text: str) -> Kind:
    def make(asked: Asked, rng: random.Random) -> bytes:
        at = rng.randrange(len(asked.figures))
        return asked.answer([replace(f, value=text) if n == at else f for n, f in enumerate(asked.figures)])

    return make


def _row_again(value: Callable[[str], str]) -> Kind:
    def make(asked: Asked, rng: random.Random) -> bytes:
        if not asked.has_rows:
            raise DoesNotApply
        figure = rng.choice(asked.figures)
        return asked.answer([*asked.figures, replace(figure, value=value(figure.value))])

    return make


# -- bytes ---------------------------------------------------------------------------------------------------


def _of_text(change: Callable[[bytes, random.Random], bytes]) -> Kind:
    """A change of the text of an answer, or of the text in its archive."""

    def make(asked: Asked, rng: random.Random) -> bytes:
        data = asked.answer()
        if data.startswith(b"7z"):
            name, text = _in_7z(data)
            return seven_zip(name, change(text, rng))
        if not data.startswith(b"PK"):
            return change(data, rng)
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            name, *others = packed.namelist()
            text = packed.read(name)
        if others:
            return change(data, rng)  # a workbook
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), change(text, rng))  # the same bytes at each run
        return made.getvalue()

    return make


def _in_7z(data: bytes) -> tuple[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.getnames()
            archive.extractall(folder)
        return name, (Path(folder) / name).read_bytes()


def _cut_in_number(data: bytes, _: random.Random) -> bytes:
    """End within the last number of at least two digits, as a line that breaks off does."""
    numbers = list(re.finditer(rb"\d{2,}", data.rstrip()))
    if not numbers:
        raise DoesNotApply
    return data[: numbers[-1].end() - 1]


def _cut_at_line(data: bytes, rng: random.Random) -> bytes:
    ends = [match.end() for match in re.finditer(rb"\n", data)][1:-1]
    if not ends:
        raise DoesNotApply
    return data[: rng.choice(ends)]


def _cut_anywhere(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) // 2, len(data) - 2)]


def _key_twice(data: bytes, rng: random.Random) -> bytes:
    """State one number of a JSON text under its key a second time, with another value."""
    if not data.lstrip().startswith((b"{", b"[")):
        raise DoesNotApply
    members = list(re.finditer(rb'"([^"\\]+)": ("[\d.,]{3,}"|[\d.]{3,})(?=[,}])', data))
    if not members:
        raise DoesNotApply
    member = rng.choice(members)
    value = (
        member[2].replace(b"1", b"7") if b"1" in member[2] else member[2].replace(member[2].strip(b'"')[:1], b"9", 1)
    )
    return data[: member.end()] + b', "' + member[1] + b'": ' + value + data[member.end() :]


def _not_a_number(data: bytes, rng: random.Random) -> bytes:
    """Put NaN in place of a bare number of a JSON text."""
    if not data.lstrip().startswith((b"{", b"[")):
        raise DoesNotApply
    numbers = list(re.finditer(rb"(?<=: )\d{4,}(\.\d+)?(?=[,}])", data))
    if not numbers:
        raise DoesNotApply
    number = rng.choice(numbers)
    return data[: number.start()] + b"NaN" + data[number.end() :]


#: What publishers that answer in pages call what a page says of itself: its number or first value, and how much there is.
_PAGE_NUMBERS = rb'"(?:page|FROM_NUMBER|TO_NUMBER)": (\d+)'
_TOTALS = rb'"(?:total|TOTAL_NUMBER)": (\d+)'


def _numbers(pattern: bytes, change: Callable[[int], int]) -> Callable[[bytes, random.Random], bytes]:
    """Change what a page says of itself."""

    def make(data: bytes, _: random.Random) -> bytes:
        if not data.lstrip().startswith((b"{", b"[")) or not re.search(pattern, data):
            raise DoesNotApply
        return re.sub(pattern, lambda m: m[0][: -len(m[1])] + str(change(int(m[1]))).encode(), data)

    return make


def _page_of_one(asked: Asked, _: random.Random) -> bytes:
    """The first of two pages, which says that there is one: the writer counts what it writes."""
    if not re.search(_TOTALS, asked.answer()):
        raise DoesNotApply
    return asked.answer(asked.figures[: len(asked.figures) // 2])


def _rows_moved(asked: Asked, _: random.Random) -> bytes:
    """Rows in the place of others, as between two pages of a list that changes while it is read."""
    if not asked.has_rows or not re.search(_TOTALS, asked.answer()):
        raise DoesNotApply
    half = len(asked.figures) // 2
    return asked.answer([*asked.figures[:half], *asked.figures[:half]])


def _whole_with_error(data: bytes, _: random.Random) -> bytes:
    try:
        json.loads(data)
    except ValueError:
        return b"Internal error, please try again later\n"
    return b'{"error": "Internal error, please try again later"}'


KINDS: dict[str, Kind] = {
    "all values × 10": _times("10"),
    "all values × 100": _times("100"),
    "all values × 1000": _times("1000"),
    "all values × 1000000": _times("1000000"),
    "all values / 1000": _times("0.001"),
    "one value × 1000": _one_value(lambda value: _scaled(value, "1000")),
    "one value × 10": _one_value(lambda value: _scaled(value, "10")),
    "one value 10^16": _one_value(lambda _: "10000000000000000"),
    "one value 1e-400": _one_value(lambda _: "1e-400"),
    "one value with E+3": _one_value(lambda value: f"{value}E+3"),
    "one value negative where none can be": _negative("-"),
    "one value with a Unicode minus": _negative("\u2212"),
    "one value with a decimal comma": _one_value(
        lambda value: value.replace(".", ",") if "." in value else f"{value},5"
    ),
    "year 0": _year(lambda _: 0),
    "year 3000": _year(lambda year: year % 100 + 3000),
    "year 9999": _year(lambda _: 9999, is_all=False),
    "Buddhist year": _year(lambda year: year + 543),
    "years not asked for": _year(lambda year: year - 20),
    "one year not asked for": _year(lambda year: year - 20, is_all=False),
    "a place not asked for": _other_place,
    "reporter and partner swapped": _swapped,
    "names of two places swapped": _names_swapped,
    "unit changed in words": _other_unit,
    "half of the rows left out": _without(0.5),
    "one row left out": _without(0.13),
    "one value empty": _empty(""),
    "one value NaN": _empty("NaN"),
    "one value blank": _empty("  "),
    "all values empty": lambda asked, _: asked.answer([replace(f, value="") for f in asked.figures]),
    "another page than was asked for": _of_text(_numbers(_PAGE_NUMBERS, lambda number: number + 50)),
    "a total above the rows": _of_text(_numbers(_TOTALS, lambda total: total + 5)),
    "a total below the rows": _of_text(_numbers(_TOTALS, lambda total: max(1, total - 2))),
    "the first page, called the only one": _page_of_one,
    "rows of the first page in place of the second's": _rows_moved,
    "a row again": _row_again(lambda value: value),
    "a row again with another value": _row_again(lambda value: _scaled(value, "1.5")),
    "a key of JSON twice": _of_text(_key_twice),
    "NaN in JSON": _of_text(_not_a_number),
    "cut in the last number": _of_text(_cut_in_number),
    "cut at the end of a line": _of_text(_cut_at_line),
    "cut anywhere": _of_text(_cut_anywhere),
    "an error in place of data": _of_text(_whole_with_error),
}


def faulty(asked: Asked, kind: str, seed: int) -> bytes:
    """An answer with a fault of a kind; the same seed gives the same one. Raises DoesNotApply."""
    data = KINDS[kind](asked, random.Random(f"{seed} {asked.source.id} {kind}"))
    if data == asked.answer():
        raise DoesNotApply
    return data
