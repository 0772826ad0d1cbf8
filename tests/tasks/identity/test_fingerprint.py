"""A comment, a docstring or the layout does not count; any other change does."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlglot

import tasks
import warehouse
from tasks.identity import fingerprint

PYTHON = '''
"""What the module does."""
import math

RATE = 100  # per cent

class Area:
    """A circle."""
    unit: str = "km"

    def of(self, radius: float) -> float:
        """Its area."""
        return math.pi * radius ** 2
'''

SQL = "SELECT a, 'x' AS b, \"c\" FROM t WHERE a > 1 -- why"


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # per cent", "  # in hundredths"),
        ("  # per cent", ""),
        ("What the module does", "What it does"),
        ('"""A circle."""', '"""A circle, flat."""'),
        ('        """Its area."""\n', ""),
        ("radius ** 2", "radius**2"),
        ("radius ** 2", "(radius ** 2)"),
        ("\n\nRATE", "\n\n\n\nRATE"),
        ('"km"', "'km'"),
        ("self, radius: float", "self,\n        radius: float,\n    "),
    ],
)
def test_what_does_not_count_in_python(old: str, new: str) -> None:
    assert fingerprint.of_python(changed(PYTHON, old, new)) == fingerprint.of_python(PYTHON)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE = 100", "RATE = 10"),
        ("RATE = 100", 'RATE = "100"'),
        ("RATE", "SHARE"),
        ('"km"', '"m"'),
        ('"km"', '" km"'),
        ("radius ** 2", "radius ** 3"),
        ("radius ** 2", "radius * 2"),
        ("return ", ""),
        ("import math\n", "import math\nimport re\n"),
        ("radius: float", "radius: int"),
        ("radius: float", "radius: float = 1.0"),
        ("class Area:", "class Area(object):"),
        ("    def of", "    @staticmethod\n    def of"),
        ('RATE = 100', 'RATE = 100\n"a text that is not a docstring"\n'),
    ],
)  # fmt: skip
def test_what_counts_in_python(old: str, new: str) -> None:
    assert fingerprint.of_python(changed(PYTHON, old, new)) != fingerprint.of_python(PYTHON)


def test_a_function_of_nothing_but_a_docstring() -> None:
    assert fingerprint.of_python('def f():\n    """One."""\n') == fingerprint.of_python('def f():\n    """Two."""\n')
    assert fingerprint.of_python('def f():\n    """One."""\n') != fingerprint.of_python(
        'def f():\n    """One."""\n    return 1\n'
    )


@pytest.mark.parametrize("old_and_new", [(" -- why", ""), (" -- why", " -- because"), (" -- why", " /* why */"),
    (" FROM", "\n    FROM"), ("a > 1", "a>1"), ("SELECT", "-- first\nSELECT"), ("a, ", "a  ,")])  # fmt: skip
def test_what_does_not_count_in_sql(old_and_new: tuple[str, str]) -> None:
    assert fingerprint.of_sql(changed(SQL, *old_and_new)) == fingerprint.of_sql(SQL)


@pytest.mark.parametrize("old_and_new", [("a > 1", "a > 2"), ("a > 1", "a >= 1"), ("'x'", "'X'"), ("'x'", "' x'"),
    ("'x'", '"x"'), ("'x'", "'-- x'"), ("'x'", "x"), ("WHERE a > 1", ""), ("FROM t", "FROM u"), ("a, ", "")])  # fmt: skip
def test_what_counts_in_sql(old_and_new: tuple[str, str]) -> None:
    assert fingerprint.of_sql(changed(SQL, *old_and_new)) != fingerprint.of_sql(SQL)


def test_a_sign_of_a_comment_inside_a_text_is_text() -> None:
    assert fingerprint.of_sql("SELECT '-- a'") != fingerprint.of_sql("SELECT '-- b'")
    assert fingerprint.of_sql("SELECT '/* a */'") != fingerprint.of_sql("SELECT '/* b */'")


def _files() -> list[Path]:
    roots = (Path(warehouse.__file__).parent / "sql", Path(tasks.__file__).parent / "sources")
    return sorted(path for root in roots for path in root.rglob("*.sql"))


@pytest.mark.parametrize("path", _files(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_word_of_every_sql_file_counts(path: Path) -> None:
    """Templates too: leaving out any one token gives another hash, a further comment does not."""
    text = path.read_text(encoding="utf-8")
    whole = fingerprint.of_sql(text)
    assert fingerprint.of_sql(f"-- a remark\n\n{text}\n-- another\n") == whole
    tokens = sqlglot.tokenize(text, dialect="duckdb")
    assert tokens
    for token in tokens[:: max(1, len(tokens) // 40)]:
        assert fingerprint.of_sql(text[: token.start] + " " + text[token.end + 1 :]) != whole, token


def test_several_parts_are_kept_apart() -> None:
    assert fingerprint.of("a", "b") != fingerprint.of("ab")
    assert fingerprint.of("a", "b") != fingerprint.of("b", "a")
    assert fingerprint.of("a", "") != fingerprint.of("a")
    assert fingerprint.of("遼寧") == fingerprint.of("遼寧")


# -- what was found is kept -----------------------------------------------------------------------------------


class Process:
    """What one process finds out about texts, and how often it had to look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
        monkeypatch.setattr(fingerprint, "_KNOWN", fingerprint._Known())
        self.looked = 0
        fingerprint.keep_in(file)

    def find(self, text: str) -> str:
        def look(text: str) -> str:
            self.looked += 1
            return text.upper()

        return fingerprint.known("text", text, look)


def test_what_one_process_found_the_next_need_not_find(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Process(monkeypatch, tmp_path / "found.json")
    assert (one.find("a"), one.find("a"), one.looked) == ("A", "A", 1)
    fingerprint._keep()
    two = Process(monkeypatch, tmp_path / "found.json")
    assert (two.find("a"), two.find("b"), two.looked) == ("A", "B", 1)
    assert sorted(tmp_path.iterdir()) == [tmp_path / "found.json"]


@pytest.mark.parametrize("damage", ["", "{", "[1, 2]", "null", '{"a": '])
def test_a_damaged_file_costs_time_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "found.json").write_text(damage)
    one = Process(monkeypatch, tmp_path / "found.json")
    assert (one.find("a"), one.looked) == ("A", 1)
    fingerprint._keep()
    two = Process(monkeypatch, tmp_path / "found.json")
    assert (two.find("a"), two.looked) == ("A", 0)


def test_what_another_state_of_this_code_found_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Process(monkeypatch, tmp_path / "found.json")
    one.find("a")
    fingerprint._keep()
    two = Process(monkeypatch, tmp_path / "found.json")
    monkeypatch.setattr(fingerprint, "_own", lambda: "another")
    assert (two.find("a"), two.looked) == ("A", 1)


def test_a_home_that_is_gone_is_not_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Process(monkeypatch, tmp_path / "gone" / "found.json")
    one.find("a")
    fingerprint._keep()
    assert not (tmp_path / "gone").exists()


def test_a_file_with_other_bytes_of_the_same_length_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("a,b\n")
    before = fingerprint.of_file(path)
    assert fingerprint.of_file(path) == before
    path.write_text("a,c\n")
    assert fingerprint.of_file(path) != before


def test_threads_parse_one_at_a_time() -> None:
    """Threads take turns while a tree is made if the collector of garbage runs Python code, as it does under Prefect."""
    text = Path(fingerprint.__file__).read_text(encoding="utf-8")
    threshold, yield_to_others = gc.get_threshold(), lambda _phase, _info: time.sleep(0)
    gc.set_threshold(50)
    gc.callbacks.append(yield_to_others)
    try:
        with ThreadPoolExecutor(3) as threads:
            trees = list(threads.map(fingerprint.parse, [text] * 12))
    finally:
        gc.callbacks.remove(yield_to_others)
        gc.set_threshold(*threshold)
    assert {fingerprint.of_tree(tree) for tree in trees} == {fingerprint.of_tree(trees[0])}
