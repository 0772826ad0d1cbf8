"""The command that writes the report site: ``report``."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption

commands = typer.Typer()


@commands.command()
def report(
    open_it: Annotated[bool, typer.Option("--open", help="Open the site in the browser.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check links, queries against their CSV files, and that texts are escaped.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Write the report site of what is published: pages that open from a double click, every number with its source."""
    from tasks.report import checking, site
    from tasks.report.contents import makers

    place = options.home_of(home)
    with terminal.progress("writing the report site") as on_progress:
        written = site.write(place, makers(place), on_progress)
        faults = checking.faults(place, on_progress) if check else []
    state = "is written" if written.is_new else "is up to date"
    terminal.write(
        f"the report site {state}: {written.pages} pages, {written.exhibits} charts and tables: {written.index}"
    )
    for fault in faults:
        terminal.fail(fault)
    if faults:
        raise SystemExit(1)
    if check:
        terminal.write("whole: links, queries and escapes are checked")
    if open_it:
        webbrowser.open(Path(written.index).as_uri())
