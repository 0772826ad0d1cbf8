"""The command line: ``entrepot``. Exit status 0 done; 1 the data or a publisher is at fault; 2 wrong usage.

Imports are inside the commands: those that run no flow must not wait for Prefect, nor ``sql`` for the schemas.
"""

import datetime as dt
import shlex
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from warehouse.errors import EntrepotError
from warehouse.settings import Home, Settings

app = typer.Typer(
    name="entrepot",
    help="A warehouse of international trade and foreign direct investment figures: pulled, checked, versioned, traced.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
quarantine_app = typer.Typer(help="Rows that were refused: look at them, and try them again.", no_args_is_help=True)
app.add_typer(quarantine_app, name="quarantine")

#: For how many refused rows of a file it is looked up what an unknown place may have been meant for.
_SUGGESTED_FOR = 20

#: Width where the output goes to a file or a log, so that rows stay on one line.
_LOG_WIDTH = 200

console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _LOG_WIDTH)
errors = Console(stderr=True, soft_wrap=True, highlight=False)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The home folder (ENTREPOT_HOME); ./data if not said.", show_default=False)
]
SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
FileOption = Annotated[str | None, typer.Option("--file", help="Only this file.")]


class Format(StrEnum):
    """How ``sql`` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def main() -> None:
    """Run the command line; a known fault is told in one line, with exit status 1."""
    try:
        app()
    except EntrepotError as fault:
        errors.print(f"entrepot: {fault}", markup=False, style="red")
        raise SystemExit(1) from None


def _settings(home: Path | None) -> Settings:
    return Settings(home=home) if home else Settings()


@app.command()
def build(home: HomeOption = None) -> None:
    """Load everything archived and bundled, check it, and publish it. Needs no network; redoes nothing unchanged."""
    from flows.cli import run

    settings = _settings(home)
    with console.status("looking what there is to do") as status:

        def told(message: str) -> None:
            status.update(message)
            if not console.is_terminal and not message.startswith("curated:"):
                errors.print(message, markup=False)

        try:
            report = run.build(settings, told)
        except KeyboardInterrupt:  # the framework of the command line would end without a word
            errors.print(
                "entrepot: stopped; what was loaded whole stays, the published file is as it was", markup=False
            )
            raise SystemExit(130) from None
    for sentence in report.sentences():
        console.print(sentence, markup=False, highlight=False)
    if report.quarantined:
        console.print("look at the refused rows: entrepot quarantine list", markup=False)
    if report.faults:
        raise SystemExit(1)
    _suggest(settings)


@app.command()
def pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Which sources; if none is named, all but those whose key is missing and those that send gigabytes.",
        ),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Years, such as 2015:2024 or 2020; from 1992 on if not said.")
    ] = None,
    reporter: Annotated[str | None, typer.Option(help="Places that report, such as CHN,JPN.")] = None,
    partner: Annotated[str | None, typer.Option(help="Their partners, such as WLD,USA.")] = None,
    product: Annotated[str | None, typer.Option(help="Products, such as TOTAL,87.")] = None,
    home: HomeOption = None,
) -> None:
    """Ask publishers for what is new and archive it. Goes on where it was stopped; the next build loads it."""
    from flows.cli import pull_progress
    from tasks.fetch import ask as questions
    from warehouse.errors import Unknown

    try:
        ask = questions.question(period, reporter, partner, product)
        sources, notes = questions.askable(names or [])
    except Unknown as fault:
        raise typer.BadParameter(str(fault)) from None
    for note in notes:
        errors.print(note, markup=False)
    code = pull_progress.run(_settings(home), sources, ask, console, errors, _build_command(_settings(home)))
    if code:
        raise SystemExit(code)


@app.command()
def adopt(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, or folders that are walked; zip, gz and 7z are looked into.")
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Take them for this source's, where several could have them.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Archive files downloaded by hand, saying for each what it was taken for, or why it was not."""
    from flows.cli import run
    from tasks.intake import adopt as steps

    _check_source(source)
    for missing in (p for p in paths if not p.exists()):
        raise typer.BadParameter(f"{missing} does not exist")
    place, taken, known = Home(_settings(home).home), 0, 0
    with run.only_writer(place, _settings(home).wait_seconds, errors.print):
        for adopted in steps.adopt(place, paths, source):
            taken, known = taken + adopted.is_new, known + bool(adopted.source)
            state = "adopted" if adopted.is_new else "known already" if adopted.source else "not adopted"
            console.print(f"{adopted.path}: {state}: {adopted.told}", markup=False, highlight=False)
    console.print(
        f"{taken} files adopted; load them with: {_build_command(_settings(home))}", markup=False, highlight=False
    )
    if not known:
        raise SystemExit(1)


def _suggest(settings: Settings) -> None:
    option, command = _home_option(settings), _command()
    console.print("try next:", markup=False)
    for line in (
        f"{command} sql{option} \"SELECT year, value_usd, seen_via FROM fdi_china_by_origin WHERE origin = 'JPN' AND preferred ORDER BY year\"",
        f"{command} trace{option} trade reporter=JPN partner=CHN flow=import period=2021",
        f"{command} status{option}",
    ):
        console.print(f"  {line}", markup=False, highlight=False)


def _check_source(source: str | None) -> None:
    """Wrong usage where there is no source of this name: an empty answer would seem to be about one."""
    from tasks import sources
    from warehouse.errors import Unknown

    try:
        if source is not None:
            sources.get(source)
    except Unknown as fault:
        raise typer.BadParameter(str(fault)) from None


def _home_option(settings: Settings) -> str:
    """The option that says which home folder this is, if it is not the usual one."""
    return "" if settings.home == Path("data") else f" --home {shlex.quote(str(settings.home))}"


def _build_command(settings: Settings) -> str:
    """What loads what was archived here."""
    return f"{_command()} build{_home_option(settings)}"


def _command() -> str:
    """How this command line was called, as one would type it again."""
    if shutil.which("entrepot"):
        return "entrepot"
    called = Path(sys.argv[0])
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement that reads; the search path starts at mart.")],
    format: Annotated[Format, typer.Option("--format", help="How the result is written.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The warehouse as a reader could have known it then (YYYY-MM-DD)."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Query the published warehouse with SQL, read-only."""
    from flows.cli import query as queries

    queries.run(Home(_settings(home).home), query, format.value, output, as_of)


@app.command()
def status(home: HomeOption = None) -> None:
    """What is published: sources, newest periods, figures, rows in quarantine; when each was pulled, and what is left."""
    from flows.cli import tables
    from tasks.ask import status as steps
    from tasks.fetch import history
    from warehouse import connection

    place = Home(_settings(home).home)
    with connection.reader(place) as con:
        tables.show_status(console, steps.of_release(con), steps.of_sources(con), history.last_pulls(place))


@app.command()
def places(
    text: Annotated[str, typer.Argument(metavar="NAME", help="A name in English, Chinese or Japanese, or a code.")],
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="Whose code it is, such as comtrade, gb2260, jpn_customs; or names.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The day it is meant on (YYYY-MM-DD); any if not said.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Show what a name or a code stands for and why; where it stands for several places, all of them."""
    from flows.cli import tables
    from tasks.ask import places as steps
    from warehouse import connection

    day = _day(on)
    with connection.reader(Home(_settings(home).home)) as con:
        found = steps.candidates(con, text, scheme, day)
        if not found:
            steps.resolve(con, text, scheme, day)  # tells what may have been meant
        for place in dict.fromkeys(reason.place for reason in found):
            because = [reason for reason in found if reason.place == place]
            tables.show_place(console, steps.describe(con, place, day), because)
        several = len({reason.place for reason in found})
    if several > 1:
        errors.print(f"{text!r} stands for {several} places: say --scheme or --on to choose", markup=False)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day (YYYY-MM-DD)") from None


@app.command()
def trace(
    table: Annotated[
        str, typer.Argument(help="trade, fdi, fdi_rate, indicator, pair, presence, visits or milestones.")
    ],
    wanted: Annotated[
        list[str] | None, typer.Argument(metavar="[COLUMN=VALUE]...", help="Which figures, by columns of the mart.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Go from a figure to its sources: every version, the archived bytes, the address and the row as printed."""
    from flows.cli import tables
    from tasks.ask import trace as steps
    from warehouse import connection

    place = Home(_settings(home).home)
    with connection.reader(place) as con:
        for figure in steps.trace(con, place, table, _pairs(wanted or [])):
            tables.show_figure(console, figure)


def _pairs(wanted: list[str]) -> dict[str, str]:
    for pair in wanted:
        if "=" not in pair:
            raise typer.BadParameter(f"{pair!r} is not COLUMN=VALUE")
    return dict(pair.split("=", 1) for pair in wanted)


@app.command()
def verify(home: HomeOption = None) -> None:
    """Is everything still whole? Archived bytes against their hashes, versions, counts, schemas."""
    from tasks.ask import status as steps
    from tasks.publish import check, release
    from warehouse import connection, file_version

    place = Home(_settings(home).home)
    faults = steps.archive_faults(place)
    with connection.reader(place) as con:
        file_version.check_published(con)
        faults += release.changed_files(place, steps.of_release(con).release, thorough=True)
        faults += steps.lost_artifacts(con, place)
        findings = check.run(con, thorough=True)
    faults += [
        f"check {f.name} fails ({f.description}): {f.violations}, such as {f.example}" for f in findings if not f.passed
    ]
    for fault in faults:
        errors.print(fault, markup=False, style="red")
    if faults:
        raise SystemExit(1)
    console.print(
        f"whole: {steps.archived_files(place)} archived files have their hashes, {len(findings)} checks pass",
        markup=False,
    )


@quarantine_app.command("list")
def quarantine_list(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """Which rows were refused, and why."""
    from flows.cli import tables
    from tasks.ask import status as steps
    from warehouse import connection

    _check_source(source)
    with connection.reader(Home(_settings(home).home)) as con:
        tables.show_quarantine(console, steps.quarantine(con, source, file))


@quarantine_app.command("show")
def quarantine_show(
    file: Annotated[str, typer.Argument(help="The file, as `quarantine list` names it.")],
    row: Annotated[int | None, typer.Argument(help="The row; all of the file's if not said.")] = None,
    home: HomeOption = None,
) -> None:
    """Refused rows of a file with the rules each broke, the row as it was printed, and what unknown places may be."""
    from flows.cli import tables
    from tasks.ask import places as places_of
    from tasks.ask import status as steps
    from warehouse import connection
    from warehouse.errors import Unknown

    with connection.reader(Home(_settings(home).home)) as con:
        held = [h for h in steps.quarantine(con, filename=file) if row in (None, h.row_number)]
        suggested = [places_of.meant(con, h.rules, h.raw) for h in held[:_SUGGESTED_FOR]]
    if not held:
        raise Unknown(f"no row {'' if row is None else f'{row} '}of {file!r} is in quarantine")
    for h in held:
        tables.show_held(console, h)
    for told in dict.fromkeys(line for lines in suggested for line in lines):
        console.print(told, markup=False, highlight=False)


@quarantine_app.command("replay")
def quarantine_replay(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """Read the files with refused rows again, with today's rules and reference tables, and publish what passes."""
    from flows.cli import run

    _check_source(source)
    settings = _settings(home)
    with console.status("reading quarantined files again") as shown:
        report = run.replay(settings, source, file, shown.update)
    for sentence in report.sentences():
        console.print(sentence, markup=False, highlight=False)
    if report.faults:
        raise SystemExit(1)


@quarantine_app.command("drop")
def quarantine_drop(
    file: Annotated[str, typer.Argument(help="The file, as the build names it.")],
    why: Annotated[str, typer.Option("--why", help="The reason, kept beside the archived file.")],
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Leave out an archived file that cannot be loaded, so that builds no longer fail on it. Its bytes stay."""
    from flows.cli import run

    _check_source(source)
    for dropped in run.leave_out(_settings(home), file, source, why, errors.print):
        console.print(f"{dropped.source}, {dropped.filename}: left out of builds from now on", markup=False)


@quarantine_app.command("restore")
def quarantine_restore(
    file: Annotated[str, typer.Argument(help="The file, as it was dropped.")],
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Take a file in again that was left out."""
    from tasks.load import backlog

    _check_source(source)
    for restored in backlog.take_in_again(Home(_settings(home).home), file, source):
        console.print(f"{restored.source}, {restored.filename}: loaded by the next build", markup=False)


if __name__ == "__main__":
    main()
