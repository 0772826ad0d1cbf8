"""``entrepot share`` asked by DuckDB in another process, over loopback."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import sharing
from flows.sharing import ShareFault
from tests.support.paths import ROOT
from warehouse.settings import Home, Settings

TOKEN = "a token of more than sixteen"  # of this test alone
#: Whether the packages of the extensions are those of the DuckDB that runs the tests.
IS_PACKAGED = all(sharing._packaged(name) for name in sharing._EXTENSIONS)

CLIENT = """
import sys
import duckdb
con = duckdb.connect()
for extension in sys.argv[3:]:
    con.execute(f"LOAD '{extension}'")
address, token = sys.argv[1:3]
try:
    con.execute(f"ATTACH '{address}' AS entrepot (TOKEN '{token}')")
except duckdb.Error as fault:
    print("refused:", fault)
    raise SystemExit(0)
print(con.execute("SELECT sum(exports_usd) FROM entrepot.trade WHERE reporter = 'CHN' AND year = 2019").fetchall())
print(con.execute("FROM entrepot.query('SELECT count(*) > 0 FROM trade_figures_as_of(''2019-01-01'')')").fetchall())
for statement in sys.stdin.read().splitlines():
    try:
        print(con.execute("FROM quack_query(?, ?, token := ?)", [address, statement, token]).fetchall())
    except duckdb.Error as fault:
        print("refused:", str(fault).splitlines()[0])
"""
#: What no guest may do.
HARMFUL = (
    "SELECT * FROM read_text('/etc/passwd')",
    "CREATE TABLE mart.own AS SELECT 1 AS a",
    "DELETE FROM core.trade",
    "ATTACH ':memory:' AS own",
    "SET threads = 1",
    "COPY trade TO 'own.csv'",
    "CALL quack_stop('{address}')",
    "SELECT * FROM quack_stop('{address}')",
    "SELECT * FROM \"quack_stop\"('{address}')",
    "SELECT * FROM query('FROM qua' || 'ck_stop(''{address}'')')",
    "SELECT 1; CALL quack_stop('{address}')",
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def address(bundled: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address at which the bundled figures are shared while a test runs."""
    monkeypatch.setenv("ENTREPOT_SHARE_TOKEN", TOKEN)
    port, ended, begun = free_port(), threading.Event(), threading.Event()
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        begun.set()

    of_home = settings.model_copy(update={"home": bundled.root})
    thread = threading.Thread(target=sharing.share, args=(of_home, "127.0.0.1", port, say, ended))
    thread.start()
    assert begun.wait(60)
    assert TOKEN not in said[0]  # one that was given is not shown
    yield f"quack:127.0.0.1:{port}"
    ended.set()
    thread.join(60)
    assert not thread.is_alive()


def ask(address: str, token: str, statements: str = "") -> list[str]:
    extensions = [str(sharing._packaged(name)) for name in sharing._EXTENSIONS]
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, address, token, *extensions], input=statements, capture_output=True, text=True, check=True, timeout=120
    )  # fmt: skip
    return done.stdout.splitlines()


if IS_PACKAGED:

    def test_duckdb_elsewhere_reads_the_release_and_can_do_nothing_else(address: str) -> None:
        harmful = [statement.format(address=address) for statement in HARMFUL]
        total, known, *said = ask(address, TOKEN, "\n".join([*harmful, "SELECT count(*) > 20 FROM trade"]))
        assert total == "[(Decimal('2499028927000.000'),)]"
        assert known == "[(True,)]"
        assert [line.startswith("refused:") for line in said] == [*(True for _ in harmful), False]
        assert said[-1] == "[(True,)]"

    def test_another_token_is_refused(address: str) -> None:
        (said,) = ask(address, "another token of some length")
        assert "Authentication failed" in said

    def test_a_port_of_another_program_is_refused(bundled: Home, settings: Settings) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            of_home = settings.model_copy(update={"home": bundled.root})
            with pytest.raises(ShareFault, match="cannot be listened at"):
                sharing.share(of_home, "127.0.0.1", other.getsockname()[1], lambda _: None, threading.Event())

    def test_a_release_that_is_published_meanwhile_is_served(
        bundled: Home, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sharing, "_LOOK_EVERY", 0.1)
        home = Home(tmp_path)
        home.published.mkdir()
        shutil.copyfile(bundled.published_file, home.published_file)
        ended, newer, said = threading.Event(), threading.Event(), list[str]()

        def say(text: str) -> None:
            said.append(text)
            if len(said) == 1:
                shutil.copyfile(bundled.published_file, home.published / "new")
                (home.published / "new").replace(home.published_file)
            else:
                newer.set()
                ended.set()

        port = free_port()
        sharing.share(settings.model_copy(update={"home": home.root}), "127.0.0.1", port, say, ended)
        assert newer.is_set()
        assert re.search(rf"ATTACH 'quack:127.0.0.1:{port}' AS entrepot \(TOKEN '[\w-]{{32}}'\)", said[0])
        assert said[1] == "a newer release is served; clients attach it again"


def test_without_the_extension_it_says_what_to_install(
    bundled: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_packaged", lambda _: None)
    monkeypatch.setattr(sharing, "_EXTENSIONS", ("no_such_extension",))
    wanted = f'pip install "duckdb-extension-no_such_extension=={duckdb.__version__}"'
    with pytest.raises(ShareFault, match=re.escape(wanted)):
        sharing.share(
            settings.model_copy(update={"home": bundled.root}), "127.0.0.1", 1, lambda _: None, threading.Event()
        )


def test_a_token_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    options = {**os.environ, "ENTREPOT_SHARE_TOKEN": "secret", "ENTREPOT_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.app", "share"], capture_output=True, text=True, check=False, cwd=ROOT, env=options
    )  # fmt: skip
    assert (done.returncode, "fewer than 16 characters" in done.stderr) == (1, True)
    assert "secret" not in done.stderr.replace("secrets", "")


@pytest.mark.parametrize(
    ("statement", "is_run"),
    [
        ("SELECT query, quacks FROM (SELECT 1 AS query, 2 AS quacks)", True), ("EXPLAIN FROM trade", True), ("BEGIN TRANSACTION", True),
        ("FROM /* a */ query/* b */('SELECT 1')", False), ("FROM query_table('trade')", False), ("INSERT INTO t VALUES (1)", False),
        ("LOAD quack", False), ("SELECT FROM", False),
    ],
)  # fmt: skip
def test_a_guests_statement_is_judged(statement: str, is_run: bool) -> None:
    assert sharing.only_reads("session", statement) is is_run
