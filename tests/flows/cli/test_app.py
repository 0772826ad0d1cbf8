"""The command line: what it says, how it ends, and what it does not import."""

import csv
import datetime as dt
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from flows.cli import app, terminal
from tasks.archive import store
from tasks.ask.archived import Version
from tasks.ask.trace import Figure
from tests.support import small_warehouse
from tests.support.paths import ROOT
from warehouse.settings import Home, Settings


def _commands(group: Any, prefix: str = "") -> Iterator[str]:
    """The commands of the command line, those of a group with its name before them."""
    for name, command in group.commands.items():
        yield prefix + name
        yield from _commands(command, f"{name} ") if hasattr(command, "commands") else ()


COMMANDS = tuple(_commands(typer.main.get_command(app.app)))


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with one release. Tests only read it."""
    made = small_warehouse.make(tmp_path_factory.mktemp("cli"), settings, warehouse_template)
    assert small_warehouse.release(made, settings).release
    return made


@pytest.fixture
def copy(home: Home, tmp_path: Path) -> Home:
    """A copy of that home folder, to be damaged."""
    shutil.copytree(home.root, tmp_path / "made", symlinks=True)
    return Home(tmp_path / "made")


class Said:
    """How a command ended and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def faults(self) -> list[str]:
        """The lines on standard error that do not say what ``verify`` is doing."""
        progress = ("checking ", "reading again: ")
        return [line for line in self.err.splitlines() if not line.startswith(progress)]


def run(*arguments: str, home: Home | None = None) -> Said:
    """Run the command line as a shell does, in a process of its own."""
    option = ["--home", str(home.root)] if home else []
    words = [*arguments[:1], *option, *arguments[1:]]
    if arguments[0] == "quarantine":
        words = [*arguments[:2], *option, *arguments[2:]]
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.app", *words], capture_output=True, check=False, timeout=120
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """Run the command line in this process, which is faster, with the streams of a real one."""
    from rich.console import Console

    monkeypatch.setattr(sys, "argv", ["entrepot", *arguments])
    monkeypatch.setattr(terminal, "console", Console(soft_wrap=True, file=sys.stdout, width=200))
    monkeypatch.setattr(terminal, "errors", Console(stderr=True, soft_wrap=True, highlight=False, width=200))
    with pytest.raises(SystemExit) as ended:
        app.main()
    said = capfd.readouterr()
    code = ended.value.code
    return Said(code if isinstance(code, int) else 0 if code is None else 1, said.out, said.err)


@pytest.fixture
def entrepot(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """The command line, as a function of its arguments."""
    return lambda *arguments: told(monkeypatch, capfd, *arguments)


# -- help and usage -------------------------------------------------------------------------------------------


def test_help_names_every_command(entrepot: Any) -> None:
    said = entrepot("--help")
    assert said.code == 0
    for command in (c for c in COMMANDS if " " not in c):
        assert f" {command} " in said.out


def test_the_commands_are_those_that_are_known() -> None:
    assert {"build", "sql", "quarantine", "quarantine list", "quarantine restore", "try", "new-source"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_table_of_commands(command: str) -> None:
    table = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `entrepot ([^`]*)`", table.replace("\\|", "|"))
    words = [[word.split("|") for word in row.split()[:2]] for row in rows]
    assert any(all(word in known for word, known in zip(command.split(), row, strict=False)) for row in words)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    said = CliRunner().invoke(app.app, [*command.split(), "--help"], env={"COLUMNS": "160", "TERM": "dumb"})
    assert said.exit_code == 0
    assert f"{command}" in said.output
    if command not in ("quarantine", "new-source", "deployments"):
        assert "--home" in said.output
        assert "ENTREPOT_HOME" in said.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"], ["sql"], ["sql", "FROM trade_figures", "--format", "xml"], ["trace"], ["sql", "FROM trade_figures", "--colour"],
        ["quarantine", "nonsense"], ["quarantine", "show"], ["quarantine", "show", "a.csv", "third"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_2(entrepot: Any, arguments: list[str]) -> None:
    said = entrepot(*arguments)
    assert said.code == 2
    assert said.err
    assert "Traceback" not in said.err


def test_a_condition_that_is_none_is_wrong_usage(entrepot: Any, home: Home) -> None:
    said = entrepot("trace", "--home", str(home.root), "trade", "reporter:CHN")
    assert said.code == 2
    assert "'reporter:CHN' is not COLUMN=VALUE" in said.err


@pytest.mark.parametrize(
    "arguments",
    [["sql", "FROM trade_figures"], ["sql", "FROM trade_figures", "--as-of", "2020-01-01"], ["status"], ["trace", "trade", "year=2016"],
     ["verify"], ["quarantine", "list"], ["quarantine", "show", "a.csv"]],
    ids=" ".join,
)  # fmt: skip
def test_nothing_published_yet_says_what_to_do(entrepot: Any, tmp_path: Path, arguments: list[str]) -> None:
    said = entrepot(*arguments, "--home", str(tmp_path / "new"))
    assert (said.code, said.out) == (1, "")
    hint = f"`entrepot --home {tmp_path / 'new'} build`"
    assert said.err == f"entrepot: nothing is published in {tmp_path / 'new'} yet: run {hint}\n"
    assert not (tmp_path / "new").exists()


def test_the_home_folder_can_be_named_in_the_environment(
    entrepot: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOT_HOME", str(home.root))
    assert entrepot("sql", "SELECT 1 AS one", "--format", "csv").out == "one\n1\n"


# -- sql ------------------------------------------------------------------------------------------------------

QUERY = "SELECT reporter, period, value, published_on, seen_via FROM trade_figures"


def test_a_table_is_shown(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), QUERY)
    assert (said.code, said.err) == (0, "")
    assert " 14000000 │" in said.out
    assert "2018-09-30" in said.out


def test_claims_shows_verdicts_and_why(home: Home) -> None:
    said = run("claims", home=home)
    assert said.code == 0, said.err
    assert "N1_steady" in said.out
    assert "no data" in said.out
    why = run("claims", "--why", "E2_population", home=home)
    assert why.code == 0, why.err
    for text in (
        "would be supported by a figure more than 100",
        "missing               population of the three provinces",
        "FROM mart.indicator_figures",
    ):
        assert text in why.out
    assert "no claim 'nothing'" in run("claims", "--why", "nothing", home=home).err


def test_places_shows_what_a_name_stands_for_and_why(home: Home) -> None:
    said = run("places", "遼寧省", home=home)
    assert said.code == 0, said.err
    for text in ("CN-LN Liaoning", "official name in Japanese", "gb2260 210000", "CN_BOHAI_RIM", "辽宁省 (official)"):
        assert text in said.out
    assert "CN-SC Sichuan on 1997-03-31" in run("places", "Chongqing", home=home).out


def test_places_shows_all_that_a_code_stands_for(home: Home) -> None:
    said = run("places", "105", home=home)
    assert said.code == 0
    assert "code 105 of the scheme gacc" in said.out
    assert "code 105 of the scheme jpn_customs" in said.out
    assert "'105' means 2 places" in said.err
    one = run("places", "105", "--scheme", "jpn_customs", "--on", "2016-01-01", home=home)
    assert (one.code, one.err) == (0, "")
    assert "CHN China" in one.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["Liaonin"], 1, "perhaps: Liaoning is CN-LN"),
        (["842", "--scheme", "m49"], 1, "842 in baci is USA"),
        (["842", "--scheme", "nonsense"], 1, "no scheme 'nonsense'"),
        (["842", "--on", "yesterday"], 2, "is not a date"),
    ],
)
def test_places_suggests_what_may_have_been_meant(home: Home, arguments: list[str], code: int, said: str) -> None:
    told = run("places", *arguments, home=home)
    assert told.code == code
    assert said in told.err


def test_csv(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), QUERY, "--format", "csv")
    assert list(csv.reader(io.StringIO(said.out))) == [
        ["reporter", "period", "value", "published_on", "seen_via"],
        ["CHN", "2016", "14000000.000", "2018-09-30", ""],
    ]


def test_json(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), QUERY, "--format", "json")
    (row,) = json.loads(said.out)
    assert row == {"reporter": "CHN", "period": "2016", "value": 14000000.000, "published_on": "2018-09-30", "seen_via": None}  # fmt: skip


def test_json_of_no_rows_is_a_list(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), "FROM trade_figures WHERE FALSE", "--format", "json")
    assert json.loads(said.out) == []


def test_parquet_goes_to_a_file_only(entrepot: Any, home: Home, tmp_path: Path) -> None:
    said = entrepot("sql", "--home", str(home.root), QUERY, "--format", "parquet")
    assert (said.code, said.out) == (1, "")
    assert said.err == "entrepot: Parquet is not written to the terminal: name a file with --output\n"
    target = tmp_path / "it's here.parquet"
    assert entrepot("sql", "--home", str(home.root), QUERY, "--format", "parquet", "-o", str(target)).code == 0
    with duckdb.connect() as con:
        assert con.execute("SELECT value FROM read_parquet(?)", [str(target)]).fetchall()[0][0] == 14_000_000


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_output_goes_to_a_file(entrepot: Any, home: Home, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    said = entrepot("sql", "--home", str(home.root), QUERY, "--format", form, "--output", str(target))
    assert (said.code, said.out) == (0, "")
    assert {"table": " 14000000 │", "csv": ",14000000.000,", "json": "14000000.0"}[form] in target.read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
def test_an_output_that_cannot_be_written_is_reported_in_one_line(
    entrepot: Any, home: Home, tmp_path: Path, form: str
) -> None:
    target = tmp_path / "missing" / "out"
    said = entrepot("sql", "--home", str(home.root), QUERY, "--format", form, "--output", str(target))
    assert said.code == 1
    assert said.err.startswith("entrepot: ")
    assert len(said.err.splitlines()) == 1
    assert "missing" in said.err


def test_all_rows_are_written(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), "SELECT i FROM range(5000) AS t(i)", "--format", "csv")
    assert len(said.out.splitlines()) == 5001


@pytest.mark.parametrize("text", ["FROM trade_figures; FROM fdi_figures", "SELECT 1; DELETE FROM core.trade;"])
@pytest.mark.parametrize("form", ["table", "csv"])
def test_two_statements_are_refused(entrepot: Any, home: Home, text: str, form: str) -> None:
    said = entrepot("sql", "--home", str(home.root), text, "--format", form)
    assert (said.code, said.out) == (1, "")
    assert said.err == "entrepot: expected one SQL statement, got 2\n"


@pytest.mark.parametrize("text", ["", "  ", ";", "/* nothing */"])
def test_no_statement_is_refused(entrepot: Any, home: Home, text: str) -> None:
    said = entrepot("sql", "--home", str(home.root), text)
    assert said.code == 1
    assert said.err == "entrepot: expected one SQL statement, got 0\n"


@pytest.mark.parametrize(
    "text",
    ["FROM trade_figures;", " FROM trade_figures ; ", "FROM trade_figures -- all of it", "FROM trade_figures; -- done"],
)
@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_semicolon_or_a_comment_at_the_end_does_no_harm(entrepot: Any, home: Home, text: str, form: str) -> None:
    said = entrepot("sql", "--home", str(home.root), text, "--format", form)
    assert (said.code, said.err) == (0, "")
    assert "CHN" in said.out


WRITING = [
    "DELETE FROM core.trade", "DROP VIEW trade", "UPDATE core.trade SET value = 1", "CREATE TABLE mart.mine AS SELECT 1",
    "INSERT INTO meta.settings VALUES ('a', 'b')", "ALTER TABLE core.trade ADD COLUMN a INTEGER",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITING)
@pytest.mark.parametrize("form", ["table", "csv"])
@pytest.mark.parametrize("as_of", [[], ["--as-of", "2020-01-01"]], ids=["now", "then"])
def test_writing_is_refused(entrepot: Any, home: Home, text: str, form: str, as_of: list[str]) -> None:
    before = home.published_file.read_bytes()
    said = entrepot("sql", "--home", str(home.root), text, "--format", form, *as_of)
    assert said.code == 1
    assert said.err.startswith("entrepot: ")
    assert len(said.err.splitlines()) == 1
    assert home.published_file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELEC * FROM trade_figures", r'syntax error at or near "SELEC"'),
        ("SELECT nothing FROM trade_figures", r'Referenced column "nothing" not found'),
        ("FROM no_such_table", "no_such_table does not exist"),
        ("SELECT 'a'::INTEGER", "Could not convert string 'a' to INT32"),
        ("FROM", "syntax error"),
        ("SELECT 'unfinished", "unterminated (quoted string|string literal)"),
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_wrong_query_says_why_in_one_line(entrepot: Any, home: Home, text: str, why: str, form: str) -> None:
    said = entrepot("sql", "--home", str(home.root), text, "--format", form)
    assert (said.code, said.out) == (1, "")
    assert re.search(why, said.err)
    assert len(said.err.splitlines()) == 1


def test_a_damaged_published_file_is_reported_in_one_line(entrepot: Any, copy: Home) -> None:
    copy.published_file.unlink()
    copy.published_file.write_bytes(b"not a database" * 1000)
    for arguments in (["sql", "FROM trade_figures"], ["sql", "FROM trade_figures", "--as-of", "2018-01-01"]):
        said = entrepot(*arguments, "--home", str(copy.root))
        assert said.code == 1, arguments
        assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["status"], ["quarantine", "list"], ["trace", "trade", "year=2016"]], ids=" ".join
)
def test_a_damaged_published_file_says_what_to_do(entrepot: Any, copy: Home, arguments: list[str]) -> None:
    copy.published_file.unlink()
    copy.published_file.write_bytes(b"not a database" * 1000)
    said = entrepot(*arguments, "--home", str(copy.root))
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert f"`entrepot --home {copy.root} build`" in said.err


@pytest.mark.parametrize("command", [["sql", "SELECT 1", "--as-of", "2018-01-01"], ["verify"]], ids=["as-of", "verify"])
def test_a_file_that_an_older_version_published_is_reported(entrepot: Any, copy: Home, command: list[str]) -> None:
    with duckdb.connect(str(copy.published_file)) as con:
        con.execute("UPDATE meta.settings SET setting_value = '1' WHERE setting = 'layout'")
    said = entrepot(*command, "--home", str(copy.root))
    assert said.code == 1
    assert "older version of entrepot: run `entrepot --home " in said.err
    assert len(said.err.splitlines()) == 1


# -- sql --as-of ----------------------------------------------------------------------------------------------


def looked_back(entrepot: Any, home: Home, text: str, moment: str) -> list[Any]:
    """Rows of a query asked of a moment."""
    said = entrepot("sql", "--home", str(home.root), text, "--as-of", moment, "--format", "json")
    assert said.code == 0, said.err
    return list(json.loads(said.out))


@pytest.mark.parametrize(
    ("mart", "value"),
    [
        ("trade", "coalesce(exports_usd, imports_usd)"), ("trade_figures", "value"), ("mart.trade_figures", "value"),
        ("fdi", "mofcom_utilised_usd"), ("fdi_figures", "value"), ("mart.fdi_figures", "value"),
        ("indicator", "value / 100"), ("indicator_figures", "value / 100"), ("fdi_china_by_origin", "value_usd"),
    ],
)  # fmt: skip
def test_as_of_shows_what_could_be_known_then(entrepot: Any, home: Home, mart: str, value: str) -> None:
    query = f"SELECT {value} / 1000000 AS n FROM {mart}"
    assert [round(r["n"], 1) for r in looked_back(entrepot, home, query, "2017-12-31")] == [12.5]
    assert [round(r["n"], 1) for r in looked_back(entrepot, home, query, "2018-09-30")] == [14.0]
    assert looked_back(entrepot, home, query, "2017-09-29") == []


def test_derived_marts_look_back_too(entrepot: Any, home: Home) -> None:
    query = "SELECT gdp_cny FROM province_profile WHERE place = 'CN-LN' AND year = 2016"
    assert looked_back(entrepot, home, query, "2018-01-01") == [{"gdp_cny": 1_250_000_000}]
    assert looked_back(entrepot, home, query, "2018-10-01") == [{"gdp_cny": 1_400_000_000}]


@pytest.mark.parametrize("moment", ["yesterday", "2016", "2016-13-01", "", "'; DROP TABLE x; --"])
def test_a_text_that_is_no_date_is_refused(entrepot: Any, home: Home, moment: str) -> None:
    said = entrepot("sql", "--home", str(home.root), "FROM trade_figures", f"--as-of={moment}")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert "is not a day or moment: write a day as 2022-06-01" in said.err


def test_a_fact_that_is_asked_by_a_macro_is_pointed_to_the_option(entrepot: Any, home: Home) -> None:
    said = entrepot("sql", "--home", str(home.root), "FROM fdi_as_of('2020-01-01')")
    assert said.code == 1
    assert "no macro fdi_as_of: " in said.err
    assert "sql --as-of DAY` asks fdi and every other mart as of a day" in said.err


# -- status, trace, verify, quarantine ------------------------------------------------------------------------


def test_status_is_there_for_programs(entrepot: Any, home: Home) -> None:
    said = entrepot("status", "--json", "--home", str(home.root))
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert told["failed_checks"] == 0
    assert dt.datetime.fromisoformat(told["built_at"])
    (source,) = (source for source in told["sources"] if source["figures"])
    assert (source["quarantined"], source["last_pull"]) == (1, None)


def test_status_says_what_is_published(entrepot: Any, home: Home) -> None:
    said = entrepot("status", "--home", str(home.root))
    assert said.code == 0
    (release,) = [p.name for p in home.releases.iterdir()]
    assert f"release {release}, built {dt.datetime.now(dt.UTC):%Y-%m-%d}" in said.out
    assert "all checks pass" in said.out
    assert re.search(r"curated\W+8\W+\d{4}-\d\d-\d\d\W+2016\W+6\W+1\b", said.out)


def test_trace_shows_both_versions_and_where_they_lie(entrepot: Any, home: Home) -> None:
    said = entrepot("trace", "--home", str(home.root), "trade_figures", "reporter=CHN", "period=2016")
    assert said.code == 0
    for text in (
        "12,500,000 USD, status A", "14,000,000 USD, status A", "replaced by the release of 2018-09-30", "current",
        "2017-09-30 (to the day)", "https://example.org/yearbook/2017", "Bureau of Statistics", "trade/first.csv",
        "printed_value = 12.5", "printed_unit = USD million", str(home.archive / "objects"),
    ):  # fmt: skip
        assert text in said.out, text


@pytest.mark.parametrize(
    ("day", "precision", "said"),
    [
        (dt.date(2025, 12, 31), "year", "2025-12-31 (to the year)"),
        (None, "year", "in a year that was not over when it was received"),
        (None, "unknown", "no date of publication on record"),
    ],
)
def test_the_date_of_publication_is_shown_with_its_precision(day: dt.date | None, precision: str, said: str) -> None:
    from flows.cli import trace_report

    row: dict[str, Any] = dict.fromkeys(("publisher", "title", "address", "seen_via", "note", "artifact"))
    row |= {
        "published_on": day,
        "published_precision": precision,
        "known_from": dt.datetime(2026, 3, 29, tzinfo=dt.UTC),
    }
    version = Version(row, None, is_current=True, artifact=None, archived_at="a", row_number=1, raw=None, fault=None)
    console = Console(record=True, width=200)
    trace_report.show_figure(console, Figure({}, [version]))
    assert said in console.export_text()


def test_trace_shows_what_has_no_value(entrepot: Any, home: Home) -> None:
    for table in ("visits", "milestones", "fdi_rate", "presence"):
        said = entrepot("trace", "--home", str(home.root), table)
        assert said.code == 0
        assert "as printed" in said.out


def test_trace_of_nothing_ends_with_1(entrepot: Any, home: Home) -> None:
    said = entrepot("trace", "--home", str(home.root), "trade", "reporter=XXX")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "entrepot: trade has no row with reporter=XXX. Their values: "
        f"`entrepot --home {home.root} sql 'SELECT DISTINCT reporter FROM trade ORDER BY ALL'`\n"
    )


@pytest.mark.parametrize(
    "asked", [["trace", "trade", "reporter=XXX"], ["trace", "trade_figures", "reporter=XXX", "period=2016"], ["places", "Atlantis"], ["quarantine", "show", "a.csv"]]
)  # fmt: skip
def test_a_command_that_an_error_names_works(entrepot: Any, home: Home, asked: list[str]) -> None:
    said = entrepot(*asked, "--home", str(home.root))
    assert said.code == 1
    (hint,) = re.findall("`entrepot (.*)`", said.err)
    shown = entrepot(*shlex.split(hint))
    assert (shown.code, shown.err) == (0, "")
    assert shown.out


def test_wrong_usage_does_not_call_the_message_a_value(entrepot: Any) -> None:
    assert "Invalid value" not in entrepot("pull", "--period", "last year").err


def test_trace_tells_of_a_damaged_archive(entrepot: Any, copy: Home) -> None:
    _damage(_object(copy))
    said = entrepot("trace", "--home", str(copy.root), "trade_figures", "reporter=CHN")
    assert "has changed: its sha256 is now" in " ".join(said.out.split())
    assert "12,500,000 USD" in said.out


def _object(home: Home) -> Path:
    (artifact,) = [a for a in store.manifests(home) if a.filename == "trade/first.csv"]
    return store.object_path(home, artifact.artifact)


def _damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def test_verify_says_that_all_is_whole(entrepot: Any, home: Home) -> None:
    said = entrepot("verify", "--home", str(home.root))
    assert (said.code, said.faults()) == (0, [])
    whole = (
        r"whole: 8 archived files have their hashes, \d+ checks pass, 8 files were read again and give what is loaded\n"
    )
    assert re.fullmatch(whole, said.out)


def test_verify_says_on_standard_error_what_it_is_doing(entrepot: Any, home: Home) -> None:
    lines = entrepot("verify", "--home", str(home.root)).err.splitlines()
    assert lines[:2] == ["checking the hashes of archived files", "checking the published tables"]
    assert lines[2] == "reading again: curated, file 1 of 8, fdi/first.csv"
    assert len(lines) == 10


def test_verify_names_what_it_does_not_check_and_does_not_count_it(
    entrepot: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checks_passed() -> int:
        said = entrepot("verify", "--home", str(home.root))
        return int(re.findall(r"(\d+) checks pass", said.out)[0])

    of_all = checks_passed()
    monkeypatch.setattr("tasks.load.validate.PROOF_BY_PANDERA_LIMIT", 1)
    monkeypatch.setattr(
        "tasks.sources.curated.Curated.bulk_partition", lambda _, artifact: artifact.filename == "trade/first.csv"
    )
    said = entrepot("verify", "--home", str(home.root))
    assert said.code == 0
    assert re.search(r"not read again: 1 files of curated, .*: trade/first\.csv\n", said.out)
    left_out = re.findall(
        r"not checked: schema\.(\S+) \(\1 keeps its schema\): it has [\d,]+ rows, more than 1\.", said.out
    )
    assert "meta.artifacts" in left_out
    assert f"{of_all - len(left_out)} checks pass, 7 files were read again" in said.out


@pytest.mark.parametrize(
    ("damage", "told_as"),
    [
        (_damage, "has changed: its sha256 is now"),
        (lambda path: path.unlink(), "is missing; restore it from a backup"),
        (lambda path: (path.parent / ("0" * 64)).write_bytes(b"stray"), "belongs to no manifest"),
    ],
    ids=["changed byte", "missing file", "stray file"],
)
def test_verify_finds_what_is_wrong_with_the_archive(entrepot: Any, copy: Home, damage: Any, told_as: str) -> None:
    path = _object(copy)
    damage(path)
    said = entrepot("verify", "--home", str(copy.root))
    assert said.code == 1
    assert told_as in said.err
    assert "whole" not in said.out
    assert len(said.faults()) == 1


def test_verify_finds_a_published_file_that_breaks_a_check(entrepot: Any, copy: Home) -> None:
    with duckdb.connect(str(copy.published_file)) as con:
        con.execute("UPDATE core.indicator SET superseded_by = NULL")
    said = entrepot("verify", "--home", str(copy.root))
    assert said.code == 1
    assert "check one_current_version.indicator fails" in said.err


def test_quarantine_list_and_show(entrepot: Any, home: Home) -> None:
    listed = entrepot("quarantine", "list", "--home", str(home.root))
    assert listed.code == 0
    assert "indicator/first.csv" in listed.out
    shown = entrepot("quarantine", "show", "--home", str(home.root), "indicator/first.csv", "3")
    assert shown.code == 0
    assert "indicator/first.csv, row 3: " in shown.out
    assert "place = ATLANTIS" in shown.out
    assert entrepot("quarantine", "show", "--home", str(home.root), "indicator/first.csv").out == shown.out


@pytest.mark.parametrize("option", [["--source", "worldbank.wdi"], ["--file", "trade/first.csv"]])
def test_quarantine_list_can_be_narrowed(entrepot: Any, home: Home, option: list[str]) -> None:
    said = entrepot("quarantine", "list", "--home", str(home.root), *option)
    assert (said.code, said.out) == (0, "nothing is in quarantine\n")


@pytest.mark.parametrize(("row", "told_as"), [(["7"], "no row 7 of 'indicator/first.csv'"), ([], "no row of 'x.csv'")])
def test_a_row_that_is_not_in_quarantine_is_reported(entrepot: Any, home: Home, row: list[str], told_as: str) -> None:
    said = entrepot("quarantine", "show", "--home", str(home.root), "indicator/first.csv" if row else "x.csv", *row)
    assert (said.code, said.out) == (1, "")
    assert told_as in said.err


@pytest.mark.parametrize(
    ("arguments", "told_as"),
    [
        (["adopt", "no-such-file"], "no-such-file does not exist"),
        (["adopt", ".", "--source", "nonsense"], "no source 'nonsense'"),
        (["quarantine", "list", "--source", "nonsense"], "no source 'nonsense'"),
        (["quarantine", "replay", "--source", "nonsense"], "no source 'nonsense'"),
    ],
)
def test_a_source_or_path_that_is_not_there_is_wrong_usage(
    entrepot: Any, home: Home, arguments: list[str], told_as: str
) -> None:
    said = entrepot(*arguments, "--home", str(home.root))
    assert (said.code, said.out) == (2, "")
    assert told_as in " ".join(said.err.split())


def adopted(entrepot: Any, tmp_path: Path, *names: str) -> Said:
    """Adopt the files of a folder: exchange rates of different years, or a page for the name page.csv."""
    folder = tmp_path / "downloads"
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        rates = f"observation_date,AEXCHUS\n{2000 + number}-01-01,8.2784\n"
        (folder / name).write_text("<html></html>" if name == "page.csv" else rates)
    return entrepot("adopt", str(folder), "--home", str(tmp_path / "new home"))  # type: ignore[no-any-return]


def test_adopt_says_how_many_files_are_new_and_what_loads_them(entrepot: Any, tmp_path: Path) -> None:
    build = f"entrepot --home '{tmp_path / 'new home'}' build"
    assert adopted(entrepot, tmp_path, "a.csv").out.splitlines()[-1] == f"1 file adopted; load it with: {build}"
    two = adopted(entrepot, tmp_path, "page.csv", "b.csv", "c.csv")
    assert (two.code, two.out.splitlines()[-1]) == (0, f"2 files adopted; load them with: {build}")
    again = adopted(entrepot, tmp_path)
    assert (again.code, again.out.splitlines()[-1]) == (
        0,
        f"nothing new; what is not loaded yet is loaded with: {build}",
    )


def test_adopt_does_not_speak_of_loading_where_nothing_was_adopted(entrepot: Any, tmp_path: Path) -> None:
    said = adopted(entrepot, tmp_path, "page.csv")
    assert (said.code, said.out.splitlines()[-1]) == (1, "nothing adopted; the lines above say why")


def test_a_folder_without_files_is_wrong_usage(entrepot: Any, tmp_path: Path) -> None:
    said = adopted(entrepot, tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "Name files, or folders with files in them" in " ".join(re.sub("[│\n]", " ", said.err).split())


@pytest.mark.parametrize("where", ["before", "after", "both"])
def test_the_home_folder_is_named_before_or_after_the_command(
    entrepot: Any, home: Home, tmp_path: Path, where: str
) -> None:
    """After the command wins, as the more special place."""
    wrong = str(tmp_path / "nowhere")
    before = {"before": ["--home", str(home.root)], "both": ["--home", wrong]}.get(where, [])
    after = [] if where == "before" else ["--home", str(home.root)]
    said = entrepot(*before, "sql", "SELECT 1 AS one", "--format", "csv", *after)
    assert (said.code, said.out) == (0, "one\n1\n")


def test_a_home_folder_named_in_one_call_does_not_count_in_the_next(
    entrepot: Any, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    entrepot("--home", str(home.root), "status")
    assert "nothing is published in" in entrepot("status").err


def test_a_hint_names_a_home_folder_with_a_space_so_that_it_can_be_copied(entrepot: Any, tmp_path: Path) -> None:
    said = entrepot("--home", str(tmp_path / "new home"), "status")
    assert f"run `entrepot --home '{tmp_path / 'new home'}' build`" in said.err


def test_the_version_is_that_of_the_package(entrepot: Any) -> None:
    from importlib.metadata import version

    assert entrepot("--version").out == f"entrepot {version('entrepot')}\n"


def test_a_file_that_was_not_loaded_is_named() -> None:
    from flows.report import BuildReport, FileReport

    report = BuildReport([FileReport("test.small", "a.csv", "00ff", fault="00ff: has 7 rows"),
                          FileReport("test.small", "b.csv", "01ff", fault="test.small, b.csv: has none")])  # fmt: skip
    assert [s for s in report.sentences() if s.startswith("not loaded")] == [
        "not loaded: test.small, a.csv: has 7 rows [file 00ff]", "not loaded: test.small, b.csv: has none [file 01ff]"
    ]  # fmt: skip


def test_replay_before_anything_was_quarantined_builds(
    entrepot: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What replay forgets is tested with a build; here, that it passes on what it was asked and tells faults."""
    from flows.cli import run as runs
    from flows.report import BuildReport, FileReport

    asked: list[Any] = []

    def replay(settings: Settings, source: str | None, file: list[str] | None, tell: Any) -> BuildReport:
        asked.append((settings.home, source, file))
        files = [
            FileReport("curated", "a.csv", "00", fault="a.csv: all rows are bad"),
            FileReport("curated", "b.csv", "01", quarantined=2),
        ]
        return BuildReport(files, published="p")

    monkeypatch.setattr(runs, "replay", replay)
    said = entrepot("quarantine", "replay", "--home", str(home.root), "--file", "a.csv", "--source", "curated")
    assert asked == [(home.root, "curated", ["a.csv"])]
    assert said.code == 1
    assert "not loaded: a.csv: all rows are bad" in said.out
    assert f"look at the quarantined rows: entrepot --home {home.root} quarantine list" in said.out


def test_replay_of_nothing_says_where_quarantined_rows_are_listed(
    entrepot: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.cli import run as runs
    from flows.report import BuildReport

    monkeypatch.setattr(runs, "replay", lambda *_: BuildReport([], published="p"))
    said = entrepot("quarantine", "replay", "--home", str(home.root), "--file", "a.csv")
    assert said.code == 0
    hint = f"`entrepot --home {home.root} quarantine list`"
    assert said.out.startswith(f"no file was read again. Files with quarantined rows: {hint}\n")


# -- what is not imported, and a real process -----------------------------------------------------------------

IMPORTED = """
import sys
from flows.cli import app as cli
try:
    cli.main()
except SystemExit as ended:
    code = ended.code
print("IMPORTED", *sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
raise SystemExit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "banned"),
    [
        (["sql", "SELECT count(*) FROM trade_figures"], {"prefect", "pandera", "ibis", "pandas", "polars"}),
        (["places", "Japan"], {"prefect", "pandera", "ibis", "pandas", "polars", "numpy"}),
        (["sql", "SELECT count(*) FROM trade_figures", "--as-of", "2018-01-01"], {"prefect", "pandera", "ibis"}),
        (["status"], {"prefect"}),
        (["trace", "trade", "reporter=CHN"], {"prefect"}),
        (["verify"], {"prefect"}),
        (["quarantine", "list"], {"prefect"}),
        (["quarantine", "show", "indicator/first.csv"], {"prefect"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_a_command_does_not_import_what_it_does_not_need(home: Home, arguments: list[str], banned: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments, "--home", str(home.root)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    imported = set(done.stderr.split("IMPORTED")[1].split())
    assert "duckdb" in imported
    assert imported & banned == set()


def test_a_real_process_ends_as_promised(home: Home, tmp_path: Path) -> None:
    done = run("sql", "SELECT 1 AS one", "--format", "csv", home=home)
    assert (done.code, done.out, done.err) == (0, "one\n1\n", "")
    failed = run("sql", "SELECT nothing", home=home)
    assert failed.code == 1
    assert len(failed.err.splitlines()) == 1
    assert run("sql", home=home).code == 2


def test_a_pipe_that_is_closed_early_is_no_fault(home: Home) -> None:
    """``entrepot sql … --format csv | head -1``"""
    command = [
        sys.executable,
        "-m",
        "flows.cli.app",
        "sql",
        "--home",
        str(home.root),
        "FROM range(300000)",
        "--format",
        "csv",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline() == b"range\n"
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_output_can_be_redirected_to_a_file_that_has_something_already(home: Home, tmp_path: Path, form: str) -> None:
    """DuckDB replaces the file it copies to, and would replace /dev/stdout."""
    target = tmp_path / "all.txt"
    command = [
        sys.executable,
        "-m",
        "flows.cli.app",
        "sql",
        "--home",
        str(home.root),
        "SELECT 42 AS n",
        "--format",
        form,
    ]
    with target.open("wb") as file:
        file.write(b"before\n")
        file.flush()
        subprocess.run(command, stdout=file, check=True)
        file.write(b"after\n")
    text = target.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "42" in text
    assert Path("/dev/stdout").is_symlink()


def test_verify_notices_a_byte_of_the_published_file(entrepot: Any, copy: Home) -> None:
    """A damage DuckDB meets only when it reads that block."""
    with copy.published_file.open("r+b") as file:
        file.seek(copy.published_file.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 0xFF]))
    said = entrepot("verify", "--home", str(copy.root))
    assert said.code == 1
    assert "entrepot.duckdb has changed" in said.err or "is damaged" in said.err


def test_verify_notices_what_the_archive_lost_with_its_manifest(entrepot: Any, copy: Home) -> None:
    (manifest, *_) = sorted((copy.archive / "manifests" / "curated").glob("*.json"))
    (copy.archive / "objects" / manifest.stem[:2] / manifest.stem).unlink()
    manifest.unlink()
    said = entrepot("verify", "--home", str(copy.root))
    assert said.code == 1
    assert f"published figures come from {manifest.stem}, which the archive no longer has" in said.err


def test_verify_notices_a_lost_parquet_file(entrepot: Any, copy: Home) -> None:
    (copy.parquet / "trade.parquet").unlink()
    said = entrepot("verify", "--home", str(copy.root))
    assert said.code == 1
    assert "trade.parquet is missing" in said.err


def test_everything_looks_back_together(entrepot: Any, home: Home) -> None:
    """No mart is left in the present: long before anything was published there was nothing."""
    marts = ["trade", "fdi", "indicator", "presence", "visits", "milestones", "revisions", "province_profile"]
    counts = ", ".join(f"(SELECT count(*) FROM {m}) AS {m}" for m in marts)
    said = entrepot("sql", f"SELECT {counts}", "--as-of", "1901-01-01", "--format", "csv", "--home", str(home.root))
    assert said.out.splitlines()[-1] == ",".join("0" for _ in marts)
