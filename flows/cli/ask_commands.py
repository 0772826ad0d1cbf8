"""Commands that read what is published: ``sql``, ``diff``, ``status``, ``claims``, ``places``, ``trace``, ``verify``."""

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption
from flows.cli.usage import WrongUsage

commands = typer.Typer()


class Format(StrEnum):
    """How ``sql`` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"
    xlsx = "xlsx"


@commands.command()
def sql(
    query: Annotated[
        str | None,
        typer.Argument(
            help="One SQL statement that reads; the search path starts at mart. - reads it from standard input."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", help="Read the statement from this file.", exists=True, dir_okay=False),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="How the result is written.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The warehouse as a reader could have known it then (YYYY-MM-DD)."),
    ] = None,
    byte_order_mark: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with a byte order mark, by which Excel knows that it is UTF-8.")
    ] = False,
    allow_files: Annotated[
        bool,
        typer.Option(
            "--allow-files", help="Let the statement read files that it names; otherwise it reads the release alone."
        ),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Query the published warehouse with SQL, read-only."""
    from flows.cli import query as queries

    statement = options.statement(query, file)
    wanted = queries.Wanted(format.value, output, as_of, byte_order_mark, allow_files)
    queries.run(options.home_of(home), statement, wanted)


class DiffFormat(StrEnum):
    """How ``diff`` writes what changed."""

    table = "table"
    csv = "csv"
    json = "json"
    html = "html"


@commands.command()
def diff(
    older: Annotated[
        str | None, typer.Argument(metavar="[RELEASE]", help="The older release. Default: the last but one.")
    ] = None,
    newer: Annotated[str | None, typer.Argument(metavar="[RELEASE]", help="The newer one. Default: the last.")] = None,
    format: Annotated[
        DiffFormat, typer.Option("--format", help="table, json and html list the largest changes, csv has all.")
    ] = DiffFormat.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    largest: Annotated[int, typer.Option("--largest", min=0, help="How many changes of each mart are listed.")] = 10,
    home: HomeOption = None,
) -> None:
    """Show what changed between two published releases, by mart and dataset, and which input caused it."""
    from flows.cli import diff_report
    from tasks.ask import release_diff

    place = options.home_of(home)
    names = release_diff.two_releases(place, older, newer)
    with release_diff.compare(place, *names, largest) as (difference, con):
        diff_report.write(difference, con, format.value, output)


@commands.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON, for programs.")] = False,
    home: HomeOption = None,
) -> None:
    """Show what is published: sources, newest periods, figures, quarantined rows; the last pull of each, and its quota left."""
    from flows.cli import tables
    from tasks.archive import health, store
    from tasks.ask import warehouse_status
    from tasks.fetch import history
    from warehouse import connection, file_version

    place = options.home_of(home)
    with connection.reader(place) as con:
        file_version.check_published(con)
        release, sources = warehouse_status.published_release(con), warehouse_status.source_statuses(con)
    pulls = history.last_pulls(place)
    damaged = health.damaged(place, store.manifests(place))
    if as_json:
        terminal.write_data(tables.status_as_json(release, sources, pulls, damaged))
    else:
        tables.show_status(terminal.console, release, sources, pulls)
    for message in damaged:
        terminal.warn(message)


@commands.command()
def claims(
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="ID", help="Show one claim with its figures, sources, vintages and its query."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Hold what documents say against the published figures: supported, contradicted, mixed or no data, and why."""
    from flows.cli import claims_report
    from tasks.ask import claims as steps
    from warehouse import connection

    place = options.home_of(home)
    with connection.reader(place) as con, tempfile.TemporaryDirectory() as scratch:
        connection.close_to_files(con, Path(scratch))  # a document may be anybody's, and so may its queries
        if why:
            reasons = steps.why(con, place, why)
            claims_report.show_one(
                terminal.console, reasons.verdict, reasons.evidence, steps.supporting(reasons.verdict)
            )
            for caution in reasons.cautions:
                terminal.warn(caution)
            return
        judged = steps.judge(con, place)
    claims_report.show_all(terminal.console, judged.verdicts)
    for caution in judged.cautions:
        terminal.warn(caution)
    for fault in judged.faults:
        terminal.fail(fault)
    if judged.faults:
        raise SystemExit(1)


@commands.command()
def places(
    text: Annotated[str, typer.Argument(metavar="NAME", help="A name in English, Chinese or Japanese, or a code.")],
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="Whose code it is, such as comtrade, gb2260, jpn_customs; or names.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day it is valid on (YYYY-MM-DD). Default: any.")] = None,
    home: HomeOption = None,
) -> None:
    """Show which place a name or a code means, and why; all of them where it means several."""
    from flows.cli import tables
    from tasks.ask import places as steps
    from warehouse import connection

    day = options.day(on)
    with connection.reader(options.home_of(home)) as con:
        reasons = steps.candidates(con, text, scheme, day)
        if not reasons:
            steps.resolve(con, text, scheme, day)  # raises with what may have been meant
        meanings = list(dict.fromkeys(reason.place for reason in reasons))
        for place in meanings:
            because = [reason for reason in reasons if reason.place == place]
            tables.show_place(terminal.console, steps.details(con, place, day), because)
    if len(meanings) > 1:
        terminal.warn(f"{text!r} means {len(meanings)} places: choose one with --scheme or --on")


@commands.command()
def trace(
    table: Annotated[
        str, typer.Argument(help="A mart: of facts (trade, fdi, province_profile …) or of figures (trade_figures …).")
    ],
    wanted: Annotated[
        list[str] | None, typer.Argument(metavar="[COLUMN=VALUE]...", help="Which rows, by columns of the mart.")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="Only this value column of a fact, such as exports_usd.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Show where a number comes from: of a fact its figures and what was done with them; of a figure every version; the row as printed."""
    from flows.cli import trace_report
    from tasks.ask import trace as of_figures
    from tasks.ask import trace_facts as of_facts
    from warehouse import connection

    conditions, place = options.conditions(wanted or []), options.home_of(home)
    mart = table.removeprefix("mart.")
    with connection.reader(place) as con:
        if of_facts.is_traced(mart):
            for value in of_facts.trace(con, place, mart, conditions, column):
                trace_report.show_value(terminal.console, value)
        elif column is not None:
            raise WrongUsage("--column is for facts: a row of figures has one value")
        else:
            for figure in of_figures.trace(con, place, table, conditions):
                trace_report.show_figure(terminal.console, figure)


@commands.command()
def verify(home: HomeOption = None) -> None:
    """Check archived bytes against their hashes, versions, counts, and rows against today's schemas."""
    from tasks.ask import verification, warehouse_status
    from warehouse import connection, file_version

    settings = options.settings_of(home)
    with connection.reader(settings.home_folder) as con:  # nothing is begun with a file that cannot be read
        file_version.check_published(con)
    with terminal.progress("checking the hashes of archived files") as on_progress:
        found = verification.verify(settings, on_progress)
    for message in found.left_out:
        terminal.write(message)
    for fault in found.faults:
        terminal.fail(fault)
    if found.faults:
        raise SystemExit(1)
    terminal.write(
        f"whole: {warehouse_status.count_archived_files(settings.home_folder)} archived files have their hashes, "
        f"{sum(f.passed for f in found.findings)} checks pass, {found.again.files_read} files were read again and give what is loaded"
    )
