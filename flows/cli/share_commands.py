"""Commands that serve the published release to others: ``share`` to DuckDB elsewhere, ``mcp`` to an assistant."""

import signal
from threading import Event
from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption

commands = typer.Typer()


@commands.command()
def mcp(home: HomeOption = None) -> None:
    """Answer an assistant that speaks the Model Context Protocol on standard input and output: five tools, all read-only."""
    place = options.home_of(home)
    from flows.cli import assistant

    assistant.server(place).run()


@commands.command()
def share(
    host: Annotated[
        str, typer.Option(help="Address to listen at. Any but this machine's own needs TLS in front (docs/sharing.md).")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=1, max=65535)] = 9494,
    home: HomeOption = None,
) -> None:
    """Serve the published release read-only to DuckDB on other machines, by DuckDB's protocol Quack, until Ctrl-C."""
    from flows import sharing

    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    sharing.share(options.settings_of(home), host, port, terminal.write, ended)
