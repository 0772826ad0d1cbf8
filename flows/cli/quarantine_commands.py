"""``entrepot quarantine``: rows that were refused, and files that cannot be loaded."""

from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import FileOption, HomeOption, SourceOption
from warehouse.errors import Unknown
from warehouse.settings import Home

commands = typer.Typer(help="Rows that were refused: look at them, and try them again.", no_args_is_help=True)

#: For at most so many refused rows of a file, similar places are suggested: each takes a search of all names.
_MOST_SUGGESTIONS = 20


def _named(home: Home, file: str | None) -> list[str] | None:
    """The hashes of the archived files that a text names, and the text itself; None for no text."""
    from tasks.archive import naming, store

    return None if file is None else [file, *(a.artifact for a in naming.matching(store.manifests(home), file))]


def _check_one(home: Home, artifacts: set[str], file: str) -> None:
    """Raise Ambiguous where rows of several files are meant."""
    from tasks.archive import naming, store

    if len(artifacts) > 1:
        naming.check_one([a for a in store.manifests(home) if a.artifact in artifacts], file)


@commands.command("list")
def show_list(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """List the refused rows and the rules they broke."""
    from flows.cli import tables
    from tasks.ask import warehouse_status
    from warehouse import connection

    options.check_source(source)
    place = options.home_of(home)
    with connection.reader(place) as con:
        tables.show_quarantine(terminal.console, warehouse_status.quarantined_rows(con, source, _named(place, file)))


@commands.command("show")
def show_rows(
    file: Annotated[str, typer.Argument(help="The file: its name, the beginning of its hash, or its path.")],
    row: Annotated[int | None, typer.Argument(help="The row. Default: all of the file's.")] = None,
    home: HomeOption = None,
) -> None:
    """Show refused rows of a file: the rules each broke, the row as printed, and places that may have been meant."""
    from flows.cli import tables
    from tasks.ask import places, warehouse_status
    from tasks.load import vocabulary
    from warehouse import connection

    place = options.home_of(home)
    with connection.reader(place) as con:
        refused = warehouse_status.quarantined_rows(con, files=_named(place, file))
        _check_one(place, {r.artifact for r in refused}, file)
        rows = [r for r in refused if row in (None, r.row_number)]
        suggestions = [places.suggest_for_row(con, r.rules, r.raw) for r in rows[:_MOST_SUGGESTIONS]]
    if not rows:
        raise Unknown(
            f"no row {'' if row is None else f'{row} '}of {file!r} is in quarantine. `entrepot quarantine list` names those that are"
        )
    for shown in rows:
        tables.show_quarantined(terminal.console, shown)
    for line in dict.fromkeys(line for lines in suggestions for line in lines):
        terminal.write(line)
    for line in dict.fromkeys(filter(None, (vocabulary.advice_on(r.rules, r.raw).strip() for r in rows))):
        terminal.write(line)


@commands.command()
def replay(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """Read the files with refused rows again, with today's rules and reference tables, and publish what passes."""
    from flows.cli import run

    options.check_source(source)
    settings = options.settings_of(home)
    with terminal.console.status("reading quarantined files again") as status:
        report = run.replay(settings, source, _named(settings.home_folder, file), status.update)
    if not report.files:
        terminal.write("no file was read again. Files with quarantined rows: `entrepot quarantine list`")
    terminal.show_build(report)


@commands.command()
def drop(
    file: Annotated[str, typer.Argument(help="The file: its name, the beginning of its hash, or its path.")],
    why: Annotated[str, typer.Option("--why", help="The reason, kept beside the archived file.")],
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Leave an archived file that cannot be loaded out of builds. Its bytes stay."""
    from flows.cli import run

    options.check_source(source)
    for dropped in run.leave_out(options.settings_of(home), file, source, why, terminal.warn):
        terminal.write(f"{dropped.source}, {dropped.filename}: left out of builds from now on")


@commands.command()
def restore(
    file: Annotated[str, typer.Argument(help="The file: its name, the beginning of its hash, or its path.")],
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Have builds load a file again that was left out."""
    from tasks.load import backlog

    options.check_source(source)
    for restored in backlog.take_in_again(options.home_of(home), file, source):
        terminal.write(f"{restored.source}, {restored.filename}: loaded by the next build")
