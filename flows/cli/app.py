"""The command line: ``entrepot``. Exit status 0: done. 1: something is wrong with the data or a publisher's service. 2: wrong usage.

Commands import what they need when they run: those that run no flow must not wait for Prefect, nor ``sql`` for the schemas.
"""

from typing import Annotated

import typer

from flows.cli import (
    ask_commands,
    keep_commands,
    load_commands,
    options,
    quarantine_commands,
    report_commands,
    serve_commands,
    share_commands,
    source_commands,
    terminal,
    unknown_settings,
    watch_commands,
)
from flows.cli.options import HomeOption
from warehouse.errors import EntrepotError

app = typer.Typer(
    name="entrepot",
    help="A warehouse of international trade and foreign direct investment figures: pulled, checked, versioned, traced.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(load_commands.commands)
app.add_typer(ask_commands.commands)
app.add_typer(report_commands.commands)
app.add_typer(quarantine_commands.commands, name="quarantine")
app.add_typer(source_commands.commands)
app.add_typer(serve_commands.commands)
app.add_typer(watch_commands.commands)
app.add_typer(share_commands.commands)
app.add_typer(keep_commands.commands)


def main() -> None:
    """Run the command line; a known fault is reported in one line, with exit status 1."""
    try:
        app()
    except EntrepotError as fault:
        terminal.fail(f"entrepot: {fault}")
        raise SystemExit(1) from None


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        terminal.write(f"entrepot {version('entrepot')}")
        raise typer.Exit


@app.callback()
def begin(
    home: HomeOption = None,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Read the options that stand before the command."""
    options.begin(home)
    for warning in unknown_settings.warnings():
        terminal.warn(warning)


if __name__ == "__main__":
    main()
