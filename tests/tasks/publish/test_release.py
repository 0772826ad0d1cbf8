"""The readers' file appears whole and at once, or not at all; a publishing that is cut short does no harm."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pyarrow.parquet as pq
import pytest

from schemas import base, core, reference
from schemas.base import table_name
from tasks.intake import adopt
from tasks.load.load_source import load_source
from tasks.publish import bulk_files, export, release_seal
from tasks.publish import identity as release_identity
from tasks.publish import release as releases
from tasks.publish.release import Published
from tasks.sources.cepii_baci import SOURCE as BACI
from tests.support import small_warehouse
from tests.support.baci_years import write_year
from warehouse import ddl
from warehouse.connection import reader, writer
from warehouse.errors import HomeError, NotPublished
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def template(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one release, which has years of a bulk dataset in two editions of the HS."""
    folder = tmp_path_factory.mktemp("publish")
    home = small_warehouse.make(folder, settings, warehouse_template)
    years = [write_year(folder, 2022), write_year(folder, 2023), write_year(folder, 2023, edition="17")]
    list(adopt.adopt(home, years))
    with writer(home, settings) as con:
        assert not [o.fault for o in load_source(con, home, settings, BACI).outcomes if o.fault]
    assert small_warehouse.release(home, settings).release
    return home.root


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Home:
    """A copy of that home folder, for one test."""
    shutil.copytree(template, tmp_path / "made", symlinks=True)
    return Home(tmp_path / "made")


def change(home: Home, settings: Settings, value: str = "77") -> None:
    """Change what would be published."""
    with writer(home, settings) as con:
        con.execute("UPDATE core.indicator SET value = ? WHERE superseded_by IS NULL", [value])
        con.execute("UPDATE meta.editions SET content_hash = content_hash || ?", [value])


def publish_again(home: Home, settings: Settings) -> Published:
    """Publish what the warehouse has now."""
    with writer(home, settings) as con:
        fingerprint = release_identity.of_release(con)
    return releases.publish(home, settings, fingerprint)


def value(home: Home) -> int:
    """The figure that is changed, as a reader sees it now."""
    with reader(home) as con:
        row = con.execute("SELECT value FROM indicator_figures").fetchone()
    assert row is not None
    return int(row[0])


def unfinished(home: Home) -> list[str]:
    """What is left of a publishing that was cut short."""
    return sorted(p.name for p in (*home.releases.glob(".*"), *home.published.glob(".*")))


# -- what is published ----------------------------------------------------------------------------------------


def test_a_release_has_the_file_the_parquet_and_the_package(template: Path) -> None:
    made = Home(template)
    (release,) = releases.releases(made)
    folder = made.releases / release
    assert sorted(p.name for p in folder.iterdir()) == ["entrepot.duckdb", "parquet", "seal.json"]
    assert made.published_file.samefile(folder / "entrepot.duckdb")
    assert made.parquet.is_symlink()
    assert made.parquet.samefile(folder / "parquet")
    assert not made.parquet.readlink().is_absolute()  # the home folder can be moved
    with reader(made) as con:
        assert con.execute("SELECT release FROM meta.releases").fetchall() == [(release,)]
    assert unfinished(made) == []


def test_rates_are_worked_out_once_in_the_published_file(template: Path, settings: Settings) -> None:
    rates = "FROM ref.exchange_rate ORDER BY ALL"
    with writer(Home(template), settings) as con:
        wanted = con.execute(rates).fetchall()
    with reader(Home(template)) as con:
        assert con.execute(rates).fetchall() == wanted
        comments = con.execute(
            "SELECT comment FROM duckdb_tables() WHERE schema_name = 'ref' AND table_name = 'exchange_rate'"
        ).fetchall()
    assert comments == [(base.description(reference.ExchangeRate),)]
    assert not list(template.glob("published/**/*.wal"))


def test_the_published_file_needs_nothing_beside_it(made: Home, tmp_path: Path) -> None:
    alone = tmp_path / "alone.duckdb"
    shutil.copyfile(made.published_file, alone)
    with duckdb.connect(str(alone), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM trade_figures WHERE measurement = 'reported'").fetchone() == (1,)
    assert not list(made.published.glob("*.wal"))


def test_nothing_new_is_published_where_nothing_has_changed(made: Home, settings: Settings) -> None:
    before = made.published_file.stat()
    assert publish_again(made, settings) == Published(None, made.published_file)
    assert made.published_file.stat().st_ino == before.st_ino
    assert len(releases.releases(made)) == 1


def test_a_change_is_published(made: Home, settings: Settings) -> None:
    change(made, settings)
    assert publish_again(made, settings).release == releases.releases(made)[-1]
    assert value(made) == 77
    assert publish_again(made, settings).release is None


def test_a_reader_keeps_what_it_opened_and_a_new_one_sees_the_new_file(made: Home, settings: Settings) -> None:
    """The old reader is another process, as readers are, and asks again after the swap."""
    old = value(made)
    code = (
        "import sys, duckdb\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for line in sys.stdin:\n"
        "    print(int(con.execute('SELECT value FROM indicator_figures').fetchone()[0]), flush=True)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(made.published_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdin
        assert child.stdout
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline().strip() == str(old)
        change(made, settings)
        assert publish_again(made, settings).release
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline().strip() == str(old)
    finally:
        child.communicate()
    assert value(made) == 77


def test_as_many_releases_stay_as_are_to_be_kept(made: Home, settings: Settings) -> None:
    settings = settings.model_copy(update={"keep_releases": 2})
    published = releases.releases(made)
    for number in range(2):
        change(made, settings, str(number + 1))
        published.append(str(publish_again(made, settings).release))
    assert len(set(published)) == 3
    assert releases.releases(made) == published[-2:]
    for release in releases.releases(made):
        with duckdb.connect(str(made.releases / release / "entrepot.duckdb"), read_only=True) as con:
            assert con.execute("SELECT max(release) FROM meta.releases").fetchone() == (release,)
    assert made.published_file.samefile(made.releases / published[-1] / "entrepot.duckdb")


# -- a damaged or missing published file ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda home: home.published_file.unlink(),
        lambda home: _replace(home.published_file, b""),
        lambda home: _replace(home.published_file, b"not a database" * 1000),
        lambda home: _replace(home.published_file, home.published_file.read_bytes()[:5000]),
        lambda home: _empty_database(home.published_file),
    ],
    ids=["missing", "empty", "garbage", "cut off", "no tables"],
)
def test_a_damaged_published_file_is_made_again(made: Home, settings: Settings, damage: Callable[[Home], None]) -> None:
    wanted = value(made)
    damage(made)
    assert publish_again(made, settings).release
    assert value(made) == wanted


def _replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def _empty_database(path: Path) -> None:
    path.unlink()
    duckdb.connect(str(path)).close()


def test_nothing_published_yet_says_what_to_do(home: Home) -> None:
    assert not releases.is_current(home, "any")
    with pytest.raises(NotPublished, match="run `entrepot build`"), reader(home):
        pass


# -- cut short ------------------------------------------------------------------------------------------------

STEPS = [
    "release._clear_unfinished", "release._copy_warehouse", "release.shutil.copyfile", "export.write", "export._write_table", "bulk_files.write",
    "export._package", "release_seal.write", "release.swap_in",
]  # fmt: skip


@pytest.mark.parametrize(
    "fault", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()], ids=["error", "stopped"]
)
def test_a_publishing_that_is_cut_short_leaves_the_published_file_as_it_was(
    made: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    """At each step in turn, in one home folder: what one left behind does not keep the next from its step."""
    change(made, settings)
    before = made.published_file.read_bytes()

    def fail(*_: Any, **__: Any) -> None:
        reached.append(step)
        raise fault

    reached: list[str] = []
    for step in STEPS:
        with monkeypatch.context() as patch:
            patch.setattr(f"tasks.publish.{step}", fail)
            with pytest.raises(HomeError if isinstance(fault, OSError) else KeyboardInterrupt):
                publish_again(made, settings)
        assert reached[-1] == step
        assert made.published_file.read_bytes() == before
        assert value(made) != 77

    assert publish_again(made, settings).release
    assert value(made) == 77
    assert unfinished(made) == []
    assert made.parquet.samefile(made.releases / releases.releases(made)[-1] / "parquet")


def test_a_full_disk_is_a_fault(made: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    change(made, settings)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tasks.publish.release.shutil.copyfile", full)
    with pytest.raises(HomeError, match=r"release \S+ cannot be written to .*No space left on device"):
        publish_again(made, settings)
    assert value(made) != 77


def test_a_full_disk_is_a_fault_where_duckdb_finds_it(
    made: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB writes the Parquet files, and has exceptions of its own."""
    change(made, settings)

    def full(*_: Any) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr("tasks.publish.export._write_table", full)
    with pytest.raises(HomeError, match=r"release \S+ cannot be written to .*No space left on device"):
        publish_again(made, settings)
    assert value(made) != 77


def test_a_published_folder_that_cannot_be_written_is_a_fault(made: Home, settings: Settings) -> None:
    change(made, settings)
    shutil.rmtree(made.releases)
    made.releases.write_text("in the way")
    with pytest.raises(HomeError, match="cannot be written"):
        publish_again(made, settings)
    assert value(made) != 77


def test_a_publishing_that_is_cut_short_between_file_and_parquet_is_made_up_for(
    made: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two cannot be swapped in one step: what was left in between is not taken for done."""
    change(made, settings)

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tasks.publish.release.Path.symlink_to", stop)
        with pytest.raises(KeyboardInterrupt):
            publish_again(made, settings)
    publish_again(made, settings)
    with reader(made) as con:
        row = con.execute("SELECT max(release) FROM meta.releases").fetchone()
    assert row
    assert json.loads((made.parquet / "datapackage.json").read_bytes())["version"] == row[0]


@pytest.mark.parametrize("damage", [lambda h: h.parquet.unlink(), lambda h: shutil.rmtree(h.parquet.resolve())])
def test_missing_parquet_is_made_again(made: Home, settings: Settings, damage: Callable[[Home], None]) -> None:
    damage(made)
    assert publish_again(made, settings).release
    assert (made.parquet / "trade.parquet").exists()


@pytest.mark.parametrize(
    "step", ["export.write", "bulk_files.write", "release_seal.write", "release.swap_in", "release._prune"]
)
def test_a_publishing_that_is_killed_leaves_a_good_file_and_is_made_up_for(
    made: Home, settings: Settings, step: str
) -> None:
    change(made, settings)
    old = value(made)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tasks.publish import bulk_files, export, identity, release, release_seal\n"
        "from warehouse.connection import writer\n"
        "from warehouse.settings import Home, Settings\n"
        f"{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "home, settings = Home(Path(sys.argv[1])), Settings(threads=1)\n"
        "with writer(home, settings) as con:\n"
        "    fingerprint = identity.of_release(con)\n"
        "release.publish(home, settings, fingerprint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(made.root)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert value(made) == (77 if step == "release._prune" else old)
    publish_again(made, settings)
    assert value(made) == 77
    assert unfinished(made) == []


def test_a_release_made_in_the_same_second_follows_the_last(made: Home, settings: Settings) -> None:
    first = releases._next_release(made)
    (made.releases / first).mkdir()
    second = releases._next_release(made)
    assert second > first
    assert second.startswith(first[:15])


def test_releases_made_after_the_clock_was_set_back_follow_the_last(made: Home, settings: Settings) -> None:
    names = ["29990101T000000Z"]
    for _ in range(30):
        (made.releases / names[-1]).mkdir(exist_ok=True)
        names.append(releases._next_release(made))
    assert names == sorted(set(names))
    assert releases.releases(made)[-1] == names[-2]


# -- Parquet and the data package -----------------------------------------------------------------------------

NAMES = [table_name(table) for table in export.tables()]


def file_of(home: Home, name: str) -> Path:
    """The Parquet file of a table."""
    return home.parquet / f"{name.removeprefix('mart.').replace('.', '_')}.parquet"


def bulk_paths(home: Home) -> set[str]:
    """The files of bulk partitions, as the data package names them."""
    return {f"{bulk_files.FOLDER}/{path.name}" for path in (home.parquet / bulk_files.FOLDER).iterdir()}


def test_there_is_a_parquet_file_of_each_table_and_nothing_else(made: Home) -> None:
    wanted = {file_of(made, name).name for name in NAMES} | {"datapackage.json"}
    assert {p.name for p in made.parquet.iterdir()} == wanted | {bulk_files.FOLDER}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"mart.trade_figures"}))
def test_a_parquet_file_has_the_rows_of_its_table_in_order(template: Path, name: str) -> None:
    home = Home(template)
    path = file_of(home, name)
    with reader(home) as con:
        wanted = con.execute(f"FROM {name} ORDER BY ALL").fetchall()
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        assert con.execute(f"FROM '{path}'").fetchall() == wanted
    assert pq.read_table(path).num_rows == len(wanted)


def test_equal_figures_give_equal_parquet(made: Home, settings: Settings) -> None:
    first = {p.name: p.read_bytes() for p in made.parquet.glob("*.parquet")}
    made.published_file.unlink()
    assert publish_again(made, settings).release
    second = {p.name: p.read_bytes() for p in made.parquet.glob("*.parquet")}
    assert len(releases.releases(made)) == 2
    assert second == first


def test_the_order_of_storage_does_not_show_in_the_parquet(made: Home, settings: Settings) -> None:
    first = {p.name: p.read_bytes() for p in made.parquet.glob("*.parquet")}
    with writer(made, settings) as con:
        for table in ("core.indicator", "core.trade", "ref.place", "meta.citations"):
            con.execute(f"CREATE TEMP TABLE turned AS FROM {table} ORDER BY hash({table.split('.')[1]}::VARCHAR)")
            con.execute(f"DELETE FROM {table}")
            con.execute(f"INSERT INTO {table} FROM turned")
            con.execute("DROP TABLE turned")
    made.published_file.unlink()
    assert publish_again(made, settings).release
    assert {p.name: p.read_bytes() for p in made.parquet.glob("*.parquet")} == first


def test_the_data_package_is_valid(template: Path) -> None:
    home = Home(template)
    descriptor = home.parquet / "datapackage.json"
    report = frictionless.Package.validate_descriptor(json.loads(descriptor.read_bytes()))
    assert report.valid, report.flatten()
    package = json.loads(descriptor.read_bytes())
    assert package["version"] == releases.releases(home)[-1]
    assert {r["path"] for r in package["resources"]} == {file_of(home, n).name for n in NAMES} | bulk_paths(home)
    assert len({r["name"] for r in package["resources"]}) == len(package["resources"])


def test_the_files_are_as_the_data_package_says(template: Path) -> None:
    home = Home(template)
    report = frictionless.Package(str(home.parquet / "datapackage.json")).validate(limit_rows=100)
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]
    assert len(report.tasks) == len(NAMES) + len(bulk_paths(home))


def test_the_data_package_describes_what_is_in_the_files(template: Path) -> None:
    home = Home(template)
    package = json.loads((home.parquet / "datapackage.json").read_bytes())
    schemas: dict[str, type[base.Table]] = {file_of(home, table_name(t)).name: t for t in (*ddl.VIEWS, *ddl.STORED)}
    schemas |= dict.fromkeys(bulk_paths(home), core.TradeBulk)
    for resource in package["resources"]:
        path = home.parquet / resource["path"]
        described = {f["name"]: f for f in resource["schema"]["fields"]}
        assert list(described) == pq.read_schema(path).names
        assert resource["description"] == base.description(schemas[resource["path"]])
        for column in base.columns(schemas[resource["path"]]):
            assert described[column.name]["description"] == column.description
            assert described[column.name].get("unit") == column.unit


# -- figures of bulk datasets ---------------------------------------------------------------------------------


def test_figures_of_bulk_datasets_are_in_files_of_their_partitions_alone(template: Path) -> None:
    home = Home(template)
    assert bulk_paths(home) == {
        f"{bulk_files.FOLDER}/cepii.baci.{of}.parquet" for of in ("hs92.2022", "hs92.2023", "hs17.2023")
    }
    with reader(home) as con:
        reported = con.execute("FROM trade_figures WHERE measurement = 'reported' ORDER BY ALL").fetchall()
        stored = con.execute("FROM core.trade_bulk ORDER BY ALL").fetchall()
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        assert con.execute(f"FROM '{file_of(home, 'mart.trade_figures')}'").fetchall() == reported
        assert con.execute(f"FROM '{home.parquet}/{bulk_files.FOLDER}/*.parquet' ORDER BY ALL").fetchall() == stored


def test_the_data_package_says_how_to_put_the_words_back(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statements of its description, run in its folder, give what the published file has."""
    home = Home(template)
    description = json.loads((home.parquet / "datapackage.json").read_bytes())["description"]
    monkeypatch.chdir(home.parquet)
    with duckdb.connect() as con:
        con.execute(description[description.index("CREATE") :])
        words = ", ".join(name for name, *_ in con.execute("DESCRIBE bulk_figures").fetchall())
        figures = con.execute("FROM bulk_figures ORDER BY ALL").fetchall()
        reconciled = con.execute("FROM trade_reconciled ORDER BY ALL").fetchall()
    with reader(home) as con:
        query = f"SELECT {words} FROM trade_figures WHERE measurement = 'reconciled' ORDER BY ALL"
        assert figures == con.execute(query).fetchall()
        assert reconciled == con.execute("FROM trade_reconciled ORDER BY ALL").fetchall()
    assert len(figures) > len(reconciled) > 10


def test_of_bulk_datasets_a_release_has_the_files_of_the_one_before_but_for_what_has_changed(
    made: Home, settings: Settings
) -> None:
    with writer(made, settings) as con:
        con.execute(
            "UPDATE core.trade_bulk SET value = value + 1 WHERE part IN (SELECT part FROM core.trade_part JOIN meta.editions USING (edition) WHERE partition = 'cepii.baci.hs92.2023')"
        )
    change(made, settings)
    publish_again(made, settings)
    older, newer = (made.releases / name / "parquet" for name in releases.releases(made))
    linked = {name.rpartition("baci.")[2]: (newer / name).samefile(older / name) for name in bulk_paths(made)}
    assert linked == {"hs92.2022.parquet": True, "hs92.2023.parquet": False, "hs17.2023.parquet": True}
    assert release_seal.changed_files(made, newer.parent.name, thorough=True) == []
