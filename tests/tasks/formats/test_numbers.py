"""The number reader: what is printed comes back to the last digit, every mark is kept, what is ambiguous is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.formats import numbers
from tasks.formats.numbers import Number

_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_WORDS = {
    "": 1, "千": 10**3, "万": 10**4, "萬": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8, "亿": 10**8,
    "十亿": 10**9, "万亿": 10**12, "兆": 10**12, " million": 10**6, " billion": 10**9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "figure", "marks", "status"),
    [
        ("11509373578 ", "11509373578", (), "A"),
        ("１２，３４５．６", "12345.6", (), "A"),
        ("12\u00a0345", "12345", (), "A"),
        (".5", "0.5", (), "A"),
        ("△1,234", "-1234", (), "A"),
        ("▲ 5", "-5", (), "A"),
        ("−5", "-5", (), "A"),
        ("－５", "-5", (), "A"),
        ("12億3,456万", "1234560000", (), "A"),
        ("1万2,345", "12345", (), "A"),
        ("1兆2,000億", "1200000000000", (), "A"),
        ("3千5百", "3500", (), "A"),
        ("1.5億p", "150000000.0", ("p",), "P"),
        ("12,345 r", "12345", ("r",), "A"),
        ("123r e", "123", ("r", "e"), "E"),
        ("（速報）12", "12", ("（速報）",), "P"),
        ("12[推計値]", "12", ("[推計値]",), "E"),
        ("*123**", "123", ("*", "**"), "A"),
        # NFKC would read this as 1231, a thousand and more.
        ("123¹", "123", ("¹",), "A"),
        ("①12(1) 1)", "12", ("①", "(1)", "1)"), "A"),
        ("12※1", "12", ("※1",), "A"),
    ],
)
def test_what_is_printed(printed: str, figure: str, marks: tuple[str, ...], status: str) -> None:
    number = numbers.read(printed)
    assert (str(number.exact), number.marks, number.status) == (figure, marks, status)


@pytest.mark.parametrize(
    "printed",
    [
        "", "  ", "-", "x", "..", "abc", "1,2345", "12,34,567", "0,123", "12 345", "1.2.3", "1.5E3", "1e5", "0x10", "inf",
        "(1,234)", "1)12", "121)", "万", "12人", "12%", "--5", "5-", "5万3万", "3万2億", "1.5億3万", "1/2", "٣", "十二",
        "*" * 200 + "x", "1" + ",111" * 200 + ",1", "(" * 200, "1億" * 60 + "x",
    ],
)  # fmt: skip
def test_what_is_not_one_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"number|term"):
        numbers.read(printed)


def test_words_for_no_figure() -> None:
    assert numbers.read("n.a.") == Number(None, 1, ("n.a.",), "O")
    assert numbers.read("…").exact is None
    nil = {"-": "M", "x": "Q"}
    assert numbers.read(" - ", nil) == Number(None, 1, ("-",), "M")
    assert numbers.read("－", nil) == Number(None, 1, ("－",), "M")
    assert numbers.read("ｘ", nil).status == "Q"
    with pytest.raises(ValueError, match="not a number"):
        numbers.read("n.a.", nil)


@st.composite
def printed_numbers(draw: st.DrawFn) -> tuple[str, str, int, tuple[str, ...]]:
    """A number as some publisher might print it, its plain digits, its multiple and its marks."""
    whole = draw(st.integers(0, 10**30))
    decimals = draw(st.text("0123456789", max_size=12))
    word = draw(st.sampled_from(list(_WORDS)))
    sign = draw(st.sampled_from(["", "-", "△", "▲", "−", "－"]))
    marks = tuple(draw(st.lists(st.sampled_from(["*", "r", "p", "（注）", "②", "³"]), max_size=2, unique=True)))
    digits = f"{whole:,}" if draw(st.booleans()) else str(whole)
    digits += f".{decimals}" if decimals else ""
    if draw(st.booleans()):
        digits = digits.translate(_FULL_WIDTH)
    plain = ("-" if sign else "") + str(whole) + (f".{decimals}" if decimals else "")
    spaced = draw(st.sampled_from(["", " ", "\u3000"]))
    return f"{spaced}{sign}{digits}{word} {' '.join(marks)}", plain, _WORDS[word], marks


@given(printed_numbers())
def test_every_digit_comes_back(one: tuple[str, str, int, tuple[str, ...]]) -> None:
    printed, plain, multiple, marks = one
    number = numbers.read(printed)
    assert (number.value_text, number.multiplier, number.marks) == (plain, multiple, marks)
    assert number.exact is not None
    assert number.exact.as_tuple().digits == Decimal(str(int(plain.replace("-", "").replace(".", "")) * multiple)).as_tuple().digits  # fmt: skip


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_terms_add_up(trillions: int, hundred_millions: int, myriads: int, ones: int) -> None:
    printed = f"{trillions:,}兆{hundred_millions:,}億{myriads}万{ones}"
    assert numbers.read(printed).exact == trillions * 10**12 + hundred_millions * 10**8 + myriads * 10**4 + ones


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = numbers.read(text)
    except ValueError:
        return
    assert number.value_text is None or str(Decimal(number.value_text))


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("1,234.50", "1234.50"),
        ("△1,234", "-1234"),
        ("1,234万", "1,234万"),
        ("12 p", "12 p"),
        ("n/a", "n/a"),
        ("1,23", "1,23"),
    ],
)
def test_only_plain_numbers_lose_their_separators(printed: str, plain: str) -> None:
    assert numbers.without_separators(printed) == plain
