"""Commands for keeping a home folder: ``backup``, ``restore``."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption

commands = typer.Typer()


@commands.command()
def backup(
    target: Annotated[
        Path, typer.Argument(help="An empty or new folder, or that of an earlier backup.", file_okay=False)
    ],
    home: HomeOption = None,
) -> None:
    """Copy the home folder, or what is new in it since the last backup there. Waits for a running build; readers and pulls go on."""
    from tasks.upkeep import backup as steps

    settings = options.settings_of(home)
    with terminal.progress("copying") as on_progress:
        copied = steps.back_up(settings, target, on_progress)
    for note in copied.notes:
        terminal.warn(note)
    terminal.write(f"{copied.describe()}: {target}")


@commands.command()
def restore(
    source: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="The folder of a backup.", exists=True, file_okay=False)
    ],
    home: HomeOption = None,
) -> None:
    """Make a home folder of a backup, after checking every file of it; --home must be new or empty."""
    from tasks.upkeep import backup as steps

    place = options.home_of(home)
    with terminal.progress("restoring") as on_progress:
        copied = steps.restore(source, place, on_progress)
    terminal.write(f"{copied.describe()}: {place.root}. Then: {terminal.command('verify')}")


@commands.command()
def publish(
    shareable: Annotated[
        Path, typer.Option("--shareable", help="A new folder for the release to pass on.", file_okay=False)
    ],
    home: HomeOption = None,
) -> None:
    """Write the last release to a folder without the figures that publishers do not allow to be passed on, and say which."""
    from tasks.publish import shareable as steps
    from warehouse.writer_lock import only_writer

    settings = options.settings_of(home)
    with (
        terminal.progress("writing a release to pass on") as on_progress,
        only_writer(settings.home_folder, settings.wait_seconds, on_progress),
    ):
        left_out = steps.write(settings.home_folder, settings, shareable)
    for one in left_out:
        terminal.warn(one.describe())
    terminal.write(f"written to {shareable}; name each publisher where you pass it on (table ref.source)")
