"""Numbers as Japanese and Chinese publishers print them, read exactly or not at all.

``read`` knows full-width digits and signs, △ and ▲ for minus, thousands separators, multiples such as 千 万 億 亿 兆 百万
(also 12億3,456万), footnote marks and marks of provisional, estimated or revised figures. Nothing is guessed: ambiguous text
is an error, and every mark is returned as printed. Which mark means *no* figure differs from publisher to publisher
(``-`` is nil for one and unknown to another), so the caller passes it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

#: Words printed for no figure whose meaning does not differ from publisher to publisher.
MISSING: Mapping[str, str] = {"...": "O", "…": "O", "……": "O", "n.a.": "O", "N.A.": "O", "n/a": "O", "N/A": "O"}
#: Marks beside a figure that mean an SDMX status. With other marks the status is normal (A).
STATUSES: Mapping[str, str] = {
    "p": "P", "P": "P", "速報": "P", "速報値": "P", "暫定": "P", "暫定値": "P", "初步": "P", "初步数": "P",
    "初步核算": "P", "暂定": "P", "快报": "P", "e": "E", "E": "E", "推計": "E", "推計値": "E", "估计": "E", "估計": "E",
    "预计": "F", "預計": "F", "予測": "F", "予測値": "F", "f": "F", "F": "F", "b": "B",
    "r": "A", "R": "A", "改定": "A", "改定値": "A", "修正": "A", "确报": "A", "確報": "A", "確々報": "A", "確定": "A",
}  # fmt: skip
#: Revised and final figures are normal; where a figure has two marks, the first of these statuses holds.
_PRECEDENCE = "BFEP"

_ONES = {"": 1, "十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "万亿": 10**12, "兆": 10**12}
_ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = r"(?:[十百千]?(?:万亿|[万萬億亿兆])|[十百千]|(?:thousand|million|billion|trillion)\b)"

#: One character for one, so that a mark can be cut out of the text as it was printed. Not NFKC, which would make a
#: footnote's ² a digit of the number.
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(c): " " for c in "\u3000\u00a0\u2009\u202f"}
    | {ord(c): "-" for c in "\u2212\u2013\u2010\u2011△▲"}
)

# A zero in front of a comma may be a decimal comma, so it is refused. Possessive, so that no text is tried twice.
_DIGITS = r"(?:[1-9]\d{0,2}(?:,\d{3})++|[1-9]\d{0,2}(?:[\u00a0\u2009\u202f]\d{3})++|\d++)(?:\.\d++)?|\.\d++"
_BRACKETED = r"\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】"
_WORDS = "|".join(sorted((re.escape(w) for w in STATUSES), key=len, reverse=True))
_MARK = rf"(?:{_BRACKETED}|{_WORDS}|\*++|※\d*+|注\d*+|[†‡§#¶]|[⁰¹²³⁴-⁹]++|[①-⑳]|(?<=\s)\d\))"
_NUMBER = re.compile(
    rf"(?P<before>(?:{_MARK}\s*+)*+)(?P<sign>[+-]?)\s*+(?P<first>{_DIGITS})\s*+(?P<unit>{_WORD})?"
    rf"(?P<further>(?:\s*(?:{_DIGITS})\s*+{_WORD})*+(?:\s*(?:{_DIGITS}))?)(?P<after>(?:\s*{_MARK})*+)",
    re.ASCII,
)
_TERM = re.compile(rf"({_DIGITS})\s*({_WORD})?", re.ASCII)
_ONE_MARK = re.compile(_MARK, re.ASCII)


@dataclass(frozen=True)
class Number:
    """A printed number. ``value_text`` is plain decimal text, every digit as printed; None where no figure is given.

    The figure is ``value_text`` × ``multiplier``. ``marks`` are all marks beside it, as printed; ``status`` is the SDMX
    status they, or the word for no figure, stand for.
    """

    value_text: str | None
    multiplier: int
    marks: tuple[str, ...]
    status: str

    @property
    def exact(self) -> Decimal | None:
        """The figure in full; None where there is none."""
        return None if self.value_text is None else _times(Decimal(self.value_text), self.multiplier)


def read(text: str, missing: Mapping[str, str] = MISSING) -> Number:
    """Read a printed number. ``missing`` gives the status of words and signs that mean no figure, full-width or not.

    Raises ValueError for blank text and for text that is not exactly one number with known marks.

    >>> read("△12億3,456万 p")
    Number(value_text='-123456', multiplier=10000, marks=('p',), status='P')
    """
    printed = text.strip()
    for word in (printed, printed.translate(_PLAIN)):
        if word in missing:
            return Number(None, 1, (printed,), missing[word])
    plain = _unspaced_groups(printed)
    match = _NUMBER.fullmatch(plain)
    if not match:
        raise ValueError(f"{text!r} is not a number with known marks")
    marks = (*_marks(printed, plain, match.span("before")), *_marks(printed, plain, match.span("after")))
    digits, multiplier = _amount(match)
    sign = "-" if match["sign"] == "-" else ""
    return Number(sign + digits, multiplier, marks, _status(marks))


def without_separators(printed: str) -> str:
    """A plain number in digits, sign and point only; text with marks or multiples, and other text, as it is.

    >>> without_separators("1,234.50"), without_separators("1,234万"), without_separators("n/a")
    ('1234.50', '1,234万', 'n/a')
    """
    try:
        number = read(printed)
    except ValueError:
        return printed
    if number.value_text is None or number.multiplier != 1 or number.marks:
        return printed
    return number.value_text


def _unspaced_groups(printed: str) -> str:
    """The text with plain signs, digits and spaces, character for character; narrow spaces between digits stay."""
    kept = {m.start() for m in re.finditer(r"(?<=[0-9０-９])[\u00a0\u2009\u202f](?=[0-9０-９])", printed)}
    return "".join(c if at in kept else c.translate(_PLAIN) for at, c in enumerate(printed))


def _marks(printed: str, plain: str, span: tuple[int, int]) -> tuple[str, ...]:
    return tuple(printed[m.start() : m.end()] for m in _ONE_MARK.finditer(plain, *span))


def _status(marks: tuple[str, ...]) -> str:
    statuses = {STATUSES.get(mark.translate(_PLAIN).strip("()[]〔〕【】 "), "A") for mark in marks}
    return next((status for status in _PRECEDENCE if status in statuses), "A")


def _amount(match: re.Match[str]) -> tuple[str, int]:
    """Digits and multiple of all terms together: 12億3,456万 is 123456 of 万. Raises ValueError if terms do not descend."""
    if not match["further"]:
        return _bare(match["first"]), _multiple(match["unit"])
    if not match["unit"]:
        raise ValueError(f"{match[0]!r} is two numbers")
    terms = [(match["first"], match["unit"]), *_TERM.findall(match["further"])]
    multiples = [_multiple(word) for _, word in terms]
    digits = [_bare(d) for d, _ in terms]
    if any("." in d for d in digits[:-1]):
        raise ValueError(f"only the last term may have decimals: {match[0]!r}")
    for larger, smaller, below in zip(multiples, multiples[1:], digits[1:], strict=False):
        if _times(Decimal(below), smaller) >= larger:
            raise ValueError(f"a later term is not smaller than the one before: {match[0]!r}")
    whole, point, decimals = digits[-1].partition(".")
    whole = str(
        int(whole)
        + sum(int(d) * (m // multiples[-1]) for d, m in zip(digits, multiples, strict=True) if m != multiples[-1])
    )
    return whole + point + decimals, multiples[-1]


def _bare(digits: str) -> str:
    """The digits without separators; a point in front gets its zero."""
    bare = re.sub(r"[,\u00a0\u2009\u202f]", "", digits)
    return "0" + bare if bare.startswith(".") else bare


def _multiple(word: str | None) -> int:
    if not word:
        return 1
    if word in _ENGLISH:
        return _ENGLISH[word]
    if word in _ONES:
        return _ONES[word]
    if word[0] in _ONES:
        return _ONES[word[0]] * _MYRIADS[word[1:]]
    return _MYRIADS[word]


def _times(amount: Decimal, multiple: int) -> Decimal:
    """The exact product, however many digits it has (Decimal's own context would round to 28)."""
    sign, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits))) * multiple
    return Decimal((sign, tuple(map(int, str(whole))), exponent))
