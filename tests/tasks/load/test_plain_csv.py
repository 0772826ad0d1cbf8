"""The fast way of reading is only taken where it cannot go wrong, and then says the same as the careful way."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.archive import store
from tasks.contract.dataset import TypedReading
from tasks.intake import adopt
from tasks.load import bulk_loader, plain_csv, stage
from tasks.load.bulk_loader import BulkLoader
from tasks.load.load_source import load_source
from tasks.load.plain_csv import Line
from tasks.sources.cepii_baci import SOURCE
from warehouse.settings import Home, Settings

HEADER = b"t,i,j,k,v,q\n"
PLAIN = TypedReading("", b",\n NA", decimals=3, code=3, known="")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few bytes, so that everything falls across their ends somewhere."""
    monkeypatch.setattr(plain_csv, "_CHUNK", 16)


def lines_of(path: Path) -> list[Line]:
    """The lines of a file below its header, in the plainest way."""
    starts, lines = len(HEADER), []
    for number, text in enumerate(path.read_bytes()[len(HEADER) :].removesuffix(b"\n").split(b"\n"), 1):
        lines.append(Line(number, starts, text))
        starts += len(text) + 1
    return lines


def is_plain(text: str) -> bool:
    """Whether a line is plain, in the plainest way."""
    fields = text.split(",")
    return (
        len(fields) == 6
        and all(fields)
        and re.fullmatch(r"[0-9., NA]*", text) is not None
        and re.search(r"\.[0-9]{4}", text) is None
    )


_FIELD = st.text(alphabet="0123456789. NA-ex_é", max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
@given(
    st.lists(st.lists(_FIELD, min_size=5, max_size=7).map(",".join) | st.just("1,2,3,4,5,6"), min_size=1, max_size=6),
    st.booleans(),
)
@example(["1,2,3,4,5,1.2345"], True)
@example(["1,2,3,4,5,1.234", "5,2,3,4,5,6"], False)
@example(["1,2,3,4,5,6,7", "1,2,3,4,5"], True)
@example(["1,2,3,4,5,6", "", "1,2,3,4,5,6"], True)
@example([",1,2,3,4,5", "1,2,3,4,5,"], True)
def test_unusual_lines_are_those_that_are_not_plain(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ends: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.csv"
    path.write_bytes(HEADER + "\n".join(lines).encode() + (b"\n" if ends else b""))
    if not lines[-1]:  # an empty last line is none
        return
    wanted = [line for line in lines_of(path) if not is_plain(line.text.decode())]
    assert plain_csv.unusual_lines(path, PLAIN) == (None if "" in lines else wanted)
    numbers = [line.number for line in lines_of(path)][::2]
    assert plain_csv.lines_at(path, numbers) == [line for line in lines_of(path) if line.number in numbers]


@pytest.mark.parametrize("before", range(40))
def test_surplus_digits_are_seen_across_the_ends_of_chunks(tmp_path: Path, before: int) -> None:
    path = tmp_path / "plain.csv"
    for number, wanted in ((b"1.2345", [1]), (b"1.234", [])):
        path.write_bytes(HEADER + b"0" * before + number + b",2,3,4,5,0000000000000000000000\n")
        assert [line.number for line in plain_csv.unusual_lines(path, PLAIN) or []] == wanted


def test_a_file_with_many_unusual_lines_is_left_to_the_careful_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_csv, "MOST_UNUSUAL", 3)
    path = tmp_path / "plain.csv"
    for bad, is_left in ((3, False), (4, True)):
        path.write_bytes(HEADER + b"1,2,3,4,5,6\n" * 5 + b"1,2,3,4,x,6\n" * bad)
        assert (plain_csv.unusual_lines(path, PLAIN) is None) is is_left


#: Fields as they may come, good and bad, all of which a typed reader could take for a number.
_FIELDS = st.sampled_from([
    "2023", "2023.0", "2023.4", "2022", "4", "8", "392", "392.7", "999999", "", "NA", " NA", "0", "00", "7.5", "7.125", "7.1250", "7.",
    ".5", "-1", "1e3", "1_0", "0x10", "1 2", " 12.5", "99999999999", "99999999999.999", "010121", "010122", "01NA21", "852352",
])  # fmt: skip
_GOOD = st.tuples(
    st.just("2023"), st.sampled_from(["4", "8", "392"]), st.sampled_from(["4", "8", "392", "410"]),
    st.sampled_from(["010121", "852352", "99999A"]), st.sampled_from(["7.5", "0.001", "12"]), st.sampled_from(["1.5", " NA", "NA"]),
)  # fmt: skip


@pytest.fixture
def verdicts(
    warehouse: duckdb.DuckDBPyConnection,
    home: Home,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Sequence[str | bytes]], list[tuple[object, ...]]]:
    """Load lines the fast way where it is open, then the careful way; return what came of each."""
    tolerant = settings.model_copy(update={"max_bad_share": 1.0})

    def load(lines: Sequence[str | bytes]) -> list[tuple[object, ...]]:
        path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
        path.write_bytes(
            HEADER + b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
        )
        list(adopt.adopt(home, [path]))
        (artifact,) = [a for a in store.manifests(home, SOURCE.id) if a.artifact == store.hash_of(path)]
        came: list[tuple[object, ...]] = []
        for is_open in (True, False):
            with monkeypatch.context() as patch:
                if not is_open:
                    patch.setattr(bulk_loader, "unusual_lines", lambda *_: None)
                warehouse.execute(
                    "DELETE FROM core.trade_bulk; DELETE FROM core.trade_part; DELETE FROM meta.editions; DELETE FROM meta.quarantine"
                )
                (outcome,) = BulkLoader(warehouse, home, tolerant, SOURCE, "code", lambda _: None).load([artifact])
            rows = warehouse.execute("SELECT * EXCLUDE (part) FROM core.trade_bulk ORDER BY ALL").fetchall()
            refused = warehouse.execute("SELECT row_number, rules, raw FROM meta.quarantine ORDER BY ALL").fetchall()
            came.append((type(outcome.fault), outcome.rows_in, outcome.rows_accepted, rows, refused))
        return came

    return load


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.lists(st.one_of(_GOOD, st.tuples(*[_FIELDS] * 6)), min_size=1, max_size=6))
@example([("2023", "392.7", "8", "010121", "7.5", "1.5")])
@example([("2023", "4", "8", "010121", "7.1250", "1.5")])
@example([("2023", "NA", "8", "010121", "7.125", "NA")])
def test_both_ways_of_reading_say_the_same(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], rows: list[tuple[str, ...]]
) -> None:
    fast, careful = verdicts([",".join(row) for row in rows])
    assert fast == careful


#: Records that need care, each for another reason, and a few that the rules refuse.
_BAD_LINES = [
    b"2023,4,8,010121", b"2023,4,8,010121,7.5,1.5,more", b"2023,4,8,010121,7.5,1.5,,,,,", b"2023,4,8,01\xff121,7.5,1.5", b"\xff\xfe", b"2023,4,8,010121,7.5,1.5\r",
    b'2023,4,8,"010121",7.5,1.5', b"x2023,4,8,010121,7.5,1.5", b"2022,4,8,010121,7.5,1.5", b"2023.4,4,8,010121,7.5,1.5", b"2023,4,8,99999B,7.5,1.5", b"2023,4,8,010199,7.5,1.5",
    b"2023,4,8,01A110,7.5,1.5", b"2023,4,8,10110,7.5,1.5", b"2023,4,8,,7.5,1.5", b"2023,,8,010121,7.5,1.5", b"2023,JPN,8,010121,7.5,1.5", b"2023,999999,8,010121,7.5,1.5",
    b"2023,4,8,010121,1e30,1.5", b"2023,4,8,010121,abc,1.5", b"2023,4,8,010121,NaN,1.5", b"2023,4,8,010121,-inf,1.5", b"2023,4,8,010121,-7.5,1.5", b"2023,4,8,010121,7.5,many",
    b"2023,4,8,010121,999999999999.5,1.5", b"2023,4,8,010121,7.1255,1.5", b"2023,4,8,010121,7.1250,1.5", b"2023,4,8,010121,1.2.3,1.5", b"2023,4,8,010121,7.5,", b",,,,,", b"", b" ",
    b"2023,4,8,010121,NA,1.5", b"NA,NA,NA,NA,NA,NA", "2023,4,8,中国,7.5,1.5".encode(), b"2023,4,8,010121,7.5,1.5\x00",
]  # fmt: skip
_GOOD_LINES = [
    f"2023,{i},{j},{k},7.{n},1.5".encode()
    for n, (i, j, k) in enumerate((i, j, k) for i in (4, 8) for j in (24, 392) for k in ("010121", "010129", "852352"))
]


@pytest.mark.parametrize("bad", _BAD_LINES)
def test_a_bad_record_among_good_ones_is_judged_as_the_careful_way_does(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], bad: bytes
) -> None:
    fast, careful = verdicts([*_GOOD_LINES[:7], bad, *_GOOD_LINES[7:]])
    assert fast == careful


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(_BAD_LINES) | st.sampled_from(_GOOD_LINES)),
        min_size=1,
        max_size=8,
    )
)
@example([(0, _BAD_LINES[0]), (1, _BAD_LINES[3]), (4, _GOOD_LINES[9]), (9, _GOOD_LINES[0])])
@example([(0, b"2023,4,8,99999B,7.5,1.5"), (2, b"2023,4,8,01A110,7.5,1.5"), (40, b"2023,4,8,99999B,7.5,1.5")])
def test_bad_records_anywhere_are_judged_as_the_careful_way_does(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], inserted: list[tuple[int, bytes]]
) -> None:
    lines = list(_GOOD_LINES)
    for place, line in inserted:
        lines.insert(place, line)
    fast, careful = verdicts(lines)
    assert fast == careful


def test_only_records_that_need_care_are_read_as_text(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, int]] = []
    staged = stage.stage

    def watched(
        con: duckdb.DuckDBPyConnection,
        relation: str,
        schema: Any,
        ignored: Sequence[str],
        where: str,
        table: str = "staged",
    ) -> int:
        read.append((table, staged(con, relation, schema, ignored, where, table)))
        return read[-1][1]

    monkeypatch.setattr(stage, "stage", watched)
    verdicts([*_GOOD_LINES, b"2023,4,8,010121,abc,1.5"])
    assert [table for table, _ in read] == ["staged_as_text", "staged"]  # the second is the careful way's


def test_a_good_file_is_read_the_fast_way(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]],
) -> None:
    lines = ["2023,4,8,010121,7.5,1.5", "2023,4,8,852352,0.001,           NA"]
    fast, careful = verdicts(lines)
    assert fast == careful
    assert fast[2] == 2


def test_the_fast_way_is_taken_and_left(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[int | None] = []
    stage_typed = stage.stage_typed

    def watched(*given: Any) -> int | None:
        ways.append(stage_typed(*given))
        return ways[-1]

    monkeypatch.setattr(stage, "stage_typed", watched)
    verdicts(["2023,4,8,010121,7.5,1.5"])
    assert ways == [1]
    verdicts(["2023,4,8,010121,7.5,1.5", "2023,4,8.5,010121,7.5,1.5"])
    assert ways == [1, None]
    verdicts(["2023,4,8,010121,-7.5,1.5"])
    assert ways == [1, None]


def test_a_code_no_sample_has_shown_leads_to_the_careful_way(
    verdicts: Callable[[Sequence[str | bytes]], list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_csv, "_sampled", lambda *_: set())
    fast, careful = verdicts(["2023,4,8,010121,7.5,1.5"])
    assert fast == careful
    assert fast[2] == 1


def test_a_damaged_file_is_noticed_though_its_hash_is_checked_while_it_is_read(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
    path.write_text(HEADER.decode() + "2023,4,8,010121,7.5,1.5\n")
    list(adopt.adopt(home, [path]))
    (artifact,) = store.manifests(home, SOURCE.id)
    stored = store.object_path(home, artifact.artifact)
    stored.chmod(0o644)
    stored.write_text(HEADER.decode() + "2023,4,8,010121,8.5,1.5\n")
    (outcome,) = load_source(warehouse, home, settings, SOURCE, common="code").outcomes
    assert "has changed" in str(outcome.fault)
    assert warehouse.execute("SELECT count(*) FROM core.trade_bulk").fetchone() == (0,)
