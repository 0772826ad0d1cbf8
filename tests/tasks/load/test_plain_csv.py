"""The fast way of reading is only taken where it cannot go wrong, and then says the same as the careful way."""

import re
from collections.abc import Callable
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
from tasks.sources.cepii_baci import SOURCE
from warehouse.settings import Home, Settings

HEADER = b"t,i,j,k,v,q\n"
PLAIN = TypedReading("", b",\n NA", decimals=3, code=3, known="")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few bytes, so that everything falls across their ends somewhere."""
    monkeypatch.setattr(plain_csv, "_CHUNK", 16)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
@given(st.text(alphabet="0123456789.,\n NA-ex_", max_size=60))
@example("1.2345")
@example("1.234\n5")
@example(".0000")
def test_a_file_is_plain_if_it_has_nothing_but_digits_points_and_marks(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.csv"
    path.write_bytes(HEADER + text.encode())
    wanted = re.fullmatch(r"[0-9., \nNA]*", text) is not None and re.search(r"\.[0-9]{4}", text) is None
    assert plain_csv.is_plain(path, PLAIN) is wanted


@pytest.mark.parametrize("before", range(40))
def test_surplus_digits_are_seen_across_the_ends_of_chunks(tmp_path: Path, before: int) -> None:
    path = tmp_path / "plain.csv"
    for number, wanted in (("1.2345", False), ("1.234", True)):
        path.write_bytes(HEADER + b"0" * before + number.encode() + b",0000000000000000000000\n")
        assert plain_csv.is_plain(path, PLAIN) is wanted


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
) -> Callable[[list[str]], list[tuple[object, ...]]]:
    """Load lines the fast way where it is open, then the careful way; return what came of each."""
    tolerant = settings.model_copy(update={"max_bad_share": 1.0})

    def load(lines: list[str]) -> list[tuple[object, ...]]:
        path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
        path.write_text(HEADER.decode() + "\n".join(lines) + "\n")
        list(adopt.adopt(home, [path]))
        (artifact,) = [a for a in store.manifests(home, SOURCE.id) if a.artifact == store.hash_of(path)]
        came: list[tuple[object, ...]] = []
        for is_open in (True, False):
            with monkeypatch.context() as patch:
                if not is_open:
                    patch.setattr(bulk_loader, "is_plain", lambda *_: False)
                warehouse.execute(
                    "DELETE FROM core.trade_bulk; DELETE FROM core.trade_part; DELETE FROM meta.editions; DELETE FROM meta.quarantine"
                )
                (outcome,) = BulkLoader(warehouse, home, tolerant, SOURCE, "code", lambda _: None).load([artifact])
            rows = warehouse.execute("SELECT * EXCLUDE (part) FROM core.trade_bulk ORDER BY ALL").fetchall()
            refused = warehouse.execute("SELECT row_number, raw FROM meta.quarantine ORDER BY ALL").fetchall()
            came.append((type(outcome.fault), outcome.rows_in, outcome.rows_accepted, rows, refused))
        return came

    return load


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.lists(st.one_of(_GOOD, st.tuples(*[_FIELDS] * 6)), min_size=1, max_size=6))
@example([("2023", "392.7", "8", "010121", "7.5", "1.5")])
@example([("2023", "4", "8", "010121", "7.1250", "1.5")])
@example([("2023", "NA", "8", "010121", "7.125", "NA")])
def test_both_ways_of_reading_say_the_same(
    verdicts: Callable[[list[str]], list[tuple[object, ...]]], rows: list[tuple[str, ...]]
) -> None:
    fast, careful = verdicts([",".join(row) for row in rows])
    assert fast == careful


def test_a_good_file_is_read_the_fast_way(verdicts: Callable[[list[str]], list[tuple[object, ...]]]) -> None:
    lines = ["2023,4,8,010121,7.5,1.5", "2023,4,8,852352,0.001,           NA"]
    fast, careful = verdicts(lines)
    assert fast == careful
    assert fast[2] == 2


def test_the_fast_way_is_taken_and_left(
    verdicts: Callable[[list[str]], list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
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
    verdicts: Callable[[list[str]], list[tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
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
