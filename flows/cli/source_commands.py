"""Commands for those who write or correct a source: ``try``, ``new-source``."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption
from flows.cli.usage import WrongUsage
from warehouse.settings import Home

commands = typer.Typer()


@commands.command("try")
def try_file(
    source: Annotated[str, typer.Argument(help="The source whose file it is, such as chn.nbs.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="A file as its publisher sends it (zip, gz and 7z are looked into), or an archived one by its name or the beginning of its hash."
        ),
    ],
    rows: Annotated[
        int, typer.Option(min=0, max=1000, help="How many accepted and how many refused rows to show.")
    ] = 3,
    home: HomeOption = None,
) -> None:
    """Show how a file would be recognised, staged, refused and conformed, row by row. Changes nothing."""
    from flows.cli import try_report
    from tasks import sources
    from tasks.load.dry_run import dry_run, source_of
    from warehouse.errors import Unknown

    settings = options.settings_of(home)
    options.check_source(source)
    path, filename = file, file.name
    if not file.exists() and (archived := _archived(settings.home_folder, source, str(file))):
        path, filename = archived
    elif not file.is_file():
        problem = "is not a file" if file.exists() else "does not exist"
        raise WrongUsage(f"{file} {problem}. Name one file; `entrepot adopt` takes folders")
    try:
        outcomes = list(dry_run(sources.get(source), path, settings, rows, filename))
    except Unknown as fault:
        other = source_of(path)
        hint = f"; it is a file of {other}: `entrepot try {other} {shlex.quote(str(file))}`" if other else ""
        raise Unknown(f"{source} does not recognise {filename}: {fault}{hint}") from None
    for outcome in outcomes:
        try_report.show(terminal.console, outcome)
    if not any(o.layout for o in outcomes) or any(o.fault for o in outcomes):
        raise SystemExit(1)


def _archived(home: Home, source: str, text: str) -> tuple[Path, str] | None:
    """Path and name of the archived file that a text names, if there is one. Raises Ambiguous for several."""
    from tasks.archive import naming, store

    found = naming.matching(store.manifests(home, source), text)
    naming.check_one(found, text)
    return (store.object_path(home, found[0].stored_as), found[0].filename) if found else None


@commands.command("new-source")
def new_source(
    source: Annotated[str, typer.Argument(metavar="ID", help="The id of the new source, such as unctad.fdi.")],
) -> None:
    """Write the skeleton of a source into this checkout: package, schema, SQL, test. It passes all checks as it is."""
    from flows.cli import new_source as skeleton

    for path in skeleton.write(source):
        for number, line in skeleton.places_to_fill_in(path):
            terminal.write_data(f"{_as_seen_from_here(path)}:{number}: {line}")
    test = f"tests/tasks/sources/test_{source.replace('.', '_')}.py"
    terminal.write(f'then: make t ARGS="{test}", `entrepot try {source} FILE` with a real file, make docs, make check')


def _as_seen_from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
