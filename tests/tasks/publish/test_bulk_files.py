"""The files of bulk partitions: only what has changed is written, and they are always what writing all of them anew would give."""

import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tasks.contract import facts
from tasks.intake import adopt
from tasks.load.bulk_loader import BulkLoader
from tasks.load.editions import Partition, standing
from tasks.load.load_source import load_source
from tasks.publish import bulk_files, release_seal
from tasks.sources.cepii_baci import SOURCE
from tests.support.baci_years import write_year
from warehouse import sql
from warehouse.settings import Home, Settings


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Callable[..., None]:
    """Load a year of BACI."""

    def loaded(*of: object, **more: object) -> None:
        list(adopt.adopt(home, [write_year(tmp_path, *of, **more)]))  # type: ignore[arg-type]
        assert [
            o.fault for o in load_source(warehouse, home, settings, SOURCE, common="code").outcomes if o.fault
        ] == []

    return loaded


def write(con: duckdb.DuckDBPyConnection, folder: Path, older: Path | None = None) -> dict[str, Path]:
    """The files of a release, in a new folder, by their names."""
    (folder / "parquet").mkdir(parents=True)
    paths = bulk_files.write(con, folder, older)
    release_seal.write(folder, older)
    return {path.stem: path for path in paths}


def contents(paths: dict[str, Path]) -> dict[str, bytes]:
    """The bytes of files."""
    return {name: path.read_bytes() for name, path in paths.items()}


def rows_as_stored(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """The current figures of bulk datasets."""
    return con.execute(
        "SELECT t.* FROM core.trade_bulk AS t JOIN core.trade_part USING (part) WHERE superseded_by IS NULL ORDER BY ALL"
    ).fetchall()


# -- only what has changed ------------------------------------------------------------------------------------


def test_a_partition_that_has_not_changed_is_linked(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(2022)
    load(2023)
    first = write(warehouse, tmp_path / "first")
    load(2023, "202601", 1)
    second = write(warehouse, tmp_path / "second", tmp_path / "first")
    assert second["cepii.baci.hs92.2022"].samefile(first["cepii.baci.hs92.2022"])
    assert contents(second)["cepii.baci.hs92.2023"] != contents(first)["cepii.baci.hs92.2023"]
    assert (
        release_seal.of(tmp_path / "second")["parquet/core_trade_bulk/cepii.baci.hs92.2022.parquet"]
        == (release_seal.of(tmp_path / "first")["parquet/core_trade_bulk/cepii.baci.hs92.2022.parquet"])
    )


def test_without_links_an_unchanged_file_is_copied(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(2022)
    first = write(warehouse, tmp_path / "first")

    def fail(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("pathlib.Path.hardlink_to", fail)
    monkeypatch.setattr(bulk_files, "_copy", fail)
    second = write(warehouse, tmp_path / "second", tmp_path / "first")
    assert contents(second) == contents(first)
    assert not second["cepii.baci.hs92.2022"].samefile(first["cepii.baci.hs92.2022"])


@pytest.mark.parametrize("damage", [b"", b"not a table", None], ids=["empty", "garbage", "missing"])
def test_a_damaged_file_of_the_release_before_is_written_anew(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, damage: bytes | None
) -> None:
    load(2022)
    first = write(warehouse, tmp_path / "first")
    wanted, (path,) = contents(first), first.values()
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    assert contents(write(warehouse, tmp_path / "second", tmp_path / "first")) == wanted


def test_what_no_seal_vouches_for_is_not_taken_over(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(2022)
    first = write(warehouse, tmp_path / "first")
    (tmp_path / "first" / "seal.json").unlink()
    second = write(warehouse, tmp_path / "second", tmp_path / "first")
    assert not second["cepii.baci.hs92.2022"].samefile(first["cepii.baci.hs92.2022"])


@pytest.mark.parametrize(
    "change",
    ["value = value + 0.001", "net_weight_kg = NULL", "reporter_key = partner_key, partner_key = reporter_key"],
)
def test_one_row_that_differs_is_noticed(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, change: str
) -> None:
    load(2022)
    first = contents(write(warehouse, tmp_path / "first"))
    warehouse.execute(
        f"UPDATE core.trade_bulk SET {change} WHERE rowid = (SELECT min(rowid) FROM core.trade_bulk WHERE net_weight_kg IS NOT NULL)"
    )
    second = contents(write(warehouse, tmp_path / "second", tmp_path / "first"))
    assert second != first
    assert second == contents(write(warehouse, tmp_path / "anew"))


def test_after_any_loads_and_releases_the_files_are_those_of_a_release_made_from_nothing(
    load: Callable[..., None], warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    """Years, new releases, late older ones, retracted ones, other editions of the HS; with a release now and then."""
    dice, older, taken_over = random.Random(4), None, 0
    for step in range(24):
        if step and dice.random() < 0.2:
            partition = Partition(SOURCE.id, facts.TRADE_BULK, "cepii.baci.hs92.2022")
            artifacts = [edition.artifact for edition in standing(warehouse, partition)]
            BulkLoader(warehouse, home, settings, SOURCE, "code", lambda _: None)._retract(partition, artifacts[:1])
        else:
            year, stamp, edition = (
                dice.choice((2021, 2022, 2023)),
                dice.choice(("202301", "202401", "202501")),
                dice.choice(("92", "92", "17")),
            )
            load(year, stamp, dice.randrange(4), edition)
        if dice.random() < 0.3:
            continue
        folder = tmp_path / f"release {step}"
        written = write(warehouse, folder, older)
        assert contents(written) == contents(write(warehouse, tmp_path / f"anew {step}"))
        in_files = warehouse.execute(f"FROM '{folder}/parquet/core_trade_bulk/*.parquet' ORDER BY ALL").fetchall()
        assert in_files == rows_as_stored(warehouse)
        if older:
            taken_over += sum(
                (older / path.relative_to(folder)).exists() and path.samefile(older / path.relative_to(folder))
                for path in written.values()
            )
        older = folder
    assert taken_over > 10


def test_the_words_of_the_files_mark_doubtful_parts() -> None:
    script = sql.render("publish/bulk_in_words.sql", doubts=[(3, "ten times what its edition's others say"), (5, "x")])
    with duckdb.connect() as con:
        con.execute(script[: script.index("CREATE OR REPLACE VIEW bulk_figures")])
        assert con.execute("FROM trade_part_doubt").fetchall() == [(3, "ten times what its edition's others say"), (5, "x")]  # fmt: skip
