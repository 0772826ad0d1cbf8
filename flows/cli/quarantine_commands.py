"""``entrepot quarantine``: rows that were refused, and files that cannot be loaded."""

from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import FileOption, HomeOption, SourceOption
from warehouse.errors import Unknown

commands = typer.Typer(help="Rows that were refused: look at them, and try them again.", no_args_is_help=True)

#: For at most so many refused rows of a file, similar places are suggested: each takes a search of all names.
_MOST_SUGGESTIONS = 20


@commands.command("list")
def show_list(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """List the refused rows and the rules they broke."""
    from flows.cli import tables
    from tasks.ask import warehouse_status
    from warehouse import connection

    options.check_source(source)
    with connection.reader(options.home_of(home)) as con:
        tables.show_quarantine(terminal.console, warehouse_status.quarantined_rows(con, source, file))


@commands.command("show")
def show_rows(
    file: Annotated[str, typer.Argument(help="The file, as `quarantine list` names it.")],
    row: Annotated[int | None, typer.Argument(help="The row. Default: all of the file's.")] = None,
    home: HomeOption = None,
) -> None:
    """Show refused rows of a file: the rules each broke, the row as printed, and places that may have been meant."""
    from flows.cli import tables
    from tasks.ask import places, warehouse_status
    from warehouse import connection

    with connection.reader(options.home_of(home)) as con:
        rows = [r for r in warehouse_status.quarantined_rows(con, filename=file) if row in (None, r.row_number)]
        suggestions = [places.suggest_for_row(con, r.rules, r.raw) for r in rows[:_MOST_SUGGESTIONS]]
    if not rows:
        raise Unknown(
            f"no row {'' if row is None else f'{row} '}of {file!r} is in quarantine. `entrepot quarantine list` names those that are"
        )
    for refused in rows:
        tables.show_quarantined(terminal.console, refused)
    for line in dict.fromkeys(line for lines in suggestions for line in lines):
        terminal.write(line)


@commands.command()
def replay(source: SourceOption = None, file: FileOption = None, home: HomeOption = None) -> None:
    """Read the files with refused rows again, with today's rules and reference tables, and publish what passes."""
    from flows.cli import run

    options.check_source(source)
    settings = options.settings_of(home)
    with terminal.console.status("reading quarantined files again") as status:
        report = run.replay(settings, source, file, status.update)
    if not report.files:
        terminal.write("no file was read again. Files with quarantined rows: `entrepot quarantine list`")
    terminal.show_build(report)


@commands.command()
def drop(
    file: Annotated[str, typer.Argument(help="The file, as the build names it.")],
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
    file: Annotated[str, typer.Argument(help="The file, as it was dropped.")],
    source: SourceOption = None,
    home: HomeOption = None,
) -> None:
    """Have builds load a file again that was left out."""
    from tasks.load import backlog

    options.check_source(source)
    for restored in backlog.take_in_again(options.home_of(home), file, source):
        terminal.write(f"{restored.source}, {restored.filename}: loaded by the next build")
