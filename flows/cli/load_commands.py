"""Commands that bring figures in: ``build``, ``pull``, ``adopt``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption
from flows.cli.usage import WrongUsage

if TYPE_CHECKING:
    from flows.cli.adoption_report import AdoptionReport

commands = typer.Typer()


@commands.command()
def build(
    report: Annotated[
        bool | None,
        typer.Option(help="Write the report site, too (ENTREPOT_REPORT); it is written where something has changed."),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Make warehouse.duckdb again from the archive, where it is damaged; releases and their names stay.",
        ),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Load everything archived and bundled, check it, publish it, and write the report site. Needs no network; what is unchanged is not done again."""
    from flows.cli import run

    settings = options.settings_of(home)
    with terminal.console.status("looking for what there is to do") as status:

        def show(message: str) -> None:
            status.update(message)
            if not terminal.console.is_terminal and not message.startswith("curated:"):
                terminal.warn(message)

        try:
            built = run.build(settings, show, anew=rebuild)
            is_wanted = settings.report if report is None else report
            site_says = run.write_report(settings, show) if is_wanted else ""
        except KeyboardInterrupt:  # typer would end without a word
            terminal.warn("entrepot: stopped; partitions that were loaded stay, the published file is as it was")
            raise SystemExit(130) from None
    if site_says:
        terminal.write(site_says)
    terminal.show_build(built)
    _suggest()


def _suggest() -> None:
    terminal.write("try next:")
    query = "SELECT year, value_usd, dataset FROM fdi_china_by_origin WHERE origin = 'JPN' ORDER BY year"
    for arguments in (
        f'sql "{query}"',
        "trace trade reporter=JPN partner=CHN year=2021",
        "status",
    ):
        terminal.write(f"  {terminal.command(arguments)}")


@commands.command()
def pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Which sources. Default: all but those whose key is missing and those that send gigabytes.",
        ),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Years, such as 2015:2024, 2020 or 'last 3'. Default: from 1992 on.")
    ] = None,
    reporter: Annotated[str | None, typer.Option(help="Reporters, such as CHN,JPN.")] = None,
    partner: Annotated[str | None, typer.Option(help="Their partners, such as WLD,USA.")] = None,
    product: Annotated[str | None, typer.Option(help="Products, such as TOTAL,87.")] = None,
    home: HomeOption = None,
) -> None:
    """Ask publishers for what is new and archive it. Resumes where it was stopped; the next build loads the answers."""
    from flows.cli import pull_progress
    from tasks.fetch import selection as selections
    from warehouse.errors import Unknown

    settings = options.settings_of(home)
    try:
        selection = selections.parse(period, reporter, partner, product)
        source_ids, notes = selections.sources_to_pull(names or [])
    except Unknown as fault:
        raise WrongUsage(str(fault)) from None
    for note in notes:
        terminal.warn(note)
    code = pull_progress.run(settings, source_ids, selection)
    if code:
        raise SystemExit(code)


@commands.command()
def adopt(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, or folders with all files below them; zip, gz and 7z are looked into.")
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Take them for this source's, where several could have them.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Recognise files only: do not read each as far as a load would.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="A line for each file, also where many are alike.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="An object for each file, one a line: path, state, source, artifact, message."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Archive files downloaded by hand; show what each was recognised as, or why it was not. A file that could not be loaded is not archived."""
    from flows.cli import adoption_report
    from tasks.intake import adopt as steps
    from tasks.load.trial import trial
    from warehouse.writer_lock import only_writer

    settings = options.settings_of(home)
    options.check_source(source)
    for missing in (p for p in paths if not p.exists()):
        raise WrongUsage(f"{missing} does not exist. Name a file or a folder that does")
    place = settings.home_folder
    report = adoption_report.AdoptionReport(verbose=verbose)
    with only_writer(place, settings.wait_seconds, terminal.warn), trial(settings) as reading:
        for result in steps.adopt(place, paths, source, None if quick else reading.examine):
            line = report.add(result)
            if as_json:
                terminal.write_data(adoption_report.as_json(result))
            elif line:
                terminal.write(line)
    if not report.files:
        raise WrongUsage(f"no files in {', '.join(map(str, paths))}. Name files, or folders with files in them")
    if not as_json:
        for line in (*report.summary(), _what_next(report)):
            terminal.write(line)
    if not report.recognised:
        raise SystemExit(1)


def _what_next(report: "AdoptionReport") -> str:
    """How many files were adopted, and what to do next."""
    new = report.adopted
    if not report.recognised:
        return "nothing adopted; the lines above say why"
    if not new:
        return f"nothing new; what is not loaded yet is loaded with: {terminal.command('build')}"
    loading = "1 file adopted; load it" if new == 1 else f"{new} files adopted; load them"
    return f"{loading} with: {terminal.command('build')}"
