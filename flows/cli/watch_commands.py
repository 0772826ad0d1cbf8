"""Commands for whoever watches the publishers: ``monitor``."""

from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption

commands = typer.Typer()


@commands.command()
def monitor(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Sources to ask; all that need no key are asked if none is named."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Ask publishers for their smallest answers and hold them to the declared layouts; nothing is archived."""
    from flows.cli import run

    settings = options.settings_of(home)
    for source in sources or []:
        options.check_source(source)
    with terminal.progress("asking the publishers") as on_progress:
        probed = run.monitor(settings, sources or [], on_progress)
    for one in probed:
        (terminal.fail if one.fault else terminal.write)(one.describe())
    if any(one.fault for one in probed):
        raise SystemExit(1)
