"""What was done with a figure between the printed row and a fact: preference, conversion, exchange rate, codes, corrections."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import lineage
from tasks.ask.archived import Version
from tasks.contract.facts import Fact
from warehouse import sql

#: Columns of figures that hold a place.
_PLACES = ("reporter", "partner", "counterpart", "place", "origin")
#: What a figure's number is, by kind of figure, where it is compared with others of its cell.
_NUMBER = {"trade": "coalesce(value_usd, value)", "fdi": "value_usd", "indicator": "value", "presence": "value"}


@dataclass(frozen=True)
class Step:
    """One thing that was done with a figure. ``name`` is its kind: preference, conversion, exchange rate, code, correction."""

    name: str
    text: str


def steps(con: duckdb.DuckDBPyConnection, fact: Fact, version: Version, figures: str) -> list[Step]:
    """What was done with a figure of the relation ``figures``, which has its other figures too."""
    printed = _printed_texts(version.raw)
    return [
        *_preference(con, fact, version.row, figures),
        *_conversion(con, version.row, printed),
        *_exchange_rate(con, version.row),
        *_codes(con, version.row, printed),
        *_corrections(con, fact, version.row),
    ]


def _printed_texts(raw: str | None) -> list[str]:
    """The cells of a printed row."""
    return sorted({str(text) for text in json.loads(raw or "{}").values() if text is not None})


def _preference(con: duckdb.DuckDBPyConnection, fact: Fact, row: dict[str, Any], figures: str) -> Iterator[Step]:
    """Why the figure is chosen, then each figure that it steps before, and how far apart the two are."""
    if "preference_reason" not in row or fact.name not in lineage.SAME_CELL:
        return
    verb = "chosen" if row["is_preferred"] else "not chosen"
    yield Step("preference", f"{verb}: {row['preference_reason']}")
    if not row["other_figures"]:
        return
    cell = lineage.SAME_CELL[fact.name].split(", ")
    query = sql.render("ask/other_figures.sql", figures=figures, cell=cell, number=_NUMBER[fact.name])
    own = row["value"] if fact.name in ("indicator", "presence") else row["value_usd"]
    for dataset, publisher, day, precision, number, reason in con.execute(
        query, [*(row[column] for column in cell), row["edition"]]
    ).fetchall():
        apart = f", {_signed_share(number, own)}" if number is not None and own else ""
        stated = "no number" if number is None else _plain(number)
        yield Step(
            "steps before",
            f"{stated}{apart}, of {dataset} ({publisher}), published {_day(day, precision)}; {reason}",
        )


def _conversion(con: duckdb.DuckDBPyConnection, row: dict[str, Any], printed: list[str]) -> Iterator[Step]:
    """The printed unit and its multiplier."""
    units = [row["printed_unit"]] if row.get("printed_unit") else printed
    for unit, base_unit, multiplier, quotation in con.execute(sql.read("ask/units_printed.sql"), [units]).fetchall():
        quoted = f", for {quotation:,} units" if quotation != 1 else ""
        yield Step("conversion", f"{unit}: {base_unit} times {multiplier:,}{quoted} (ref.unit)")


def _exchange_rate(con: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> Iterator[Step]:
    """The rate with which an amount became dollars, and the figures that it is."""
    if row.get("fx_rate") is None or row.get("currency") == "USD":
        return
    yield Step("exchange rate", f"{_plain(row['fx_rate'])} {row['currency']} per USD, of {row['fx_source']}")
    column = "end_of_period" if row.get("accounting") == "position" else "average"
    parameters = [row["currency"], _period_of_rate(row["freq"], row["period"]), column]
    for dataset, publisher, day, precision, value, unit, period, artifact, method in con.execute(
        sql.read("ask/rate_figures.sql"), parameters
    ).fetchall():
        yield Step(
            "rate made of",
            f"{value} {unit} in {period} ({method}), of {dataset} ({publisher}), "
            f"published {_day(day, precision)}, artifact {artifact}",
        )


def _period_of_rate(freq: str, period: str) -> str:
    """The period of the rate of an amount: one cumulated from January to December has that of the year."""
    return period.removesuffix("-12") if freq == "YTD" else period


def _codes(con: duckdb.DuckDBPyConnection, row: dict[str, Any], printed: list[str]) -> Iterator[Step]:
    """The printed codes and names that mean the figure's places, product and indicator."""
    for column in _PLACES:
        if row.get(column) is not None:
            parameters = [row[column], printed]
            for code, schemes, notes in con.execute(sql.read("ask/place_codes_printed.sql"), parameters).fetchall():
                yield Step(
                    "code", f"{column} {row[column]}: printed {code!r} ({schemes}){f', {notes}' if notes else ''}"
                )
    if row.get("indicator") is not None:
        for scheme, code, note in con.execute(
            sql.read("ask/indicator_codes_printed.sql"), [row["indicator"], printed]
        ).fetchall():
            yield Step(
                "code", f"indicator {row['indicator']}: printed {code!r} ({scheme}){f', {note}' if note else ''}"
            )
    if row.get("product") in printed:
        yield Step("code", f"product {row['product']}: printed {row['product']!r} ({row['classification']})")


def _corrections(con: duckdb.DuckDBPyConnection, fact: Fact, row: dict[str, Any]) -> Iterator[Step]:
    """Corrections declared for the dataset's figures of the period: those that they concern are in quarantine."""
    parameters = [row["source"], row["dataset"], fact.name, row.get("period")]
    for name, concerns, _, reason in con.execute(sql.read("ask/corrections_of.sql"), parameters).fetchall():
        yield Step("correction", f"{name} keeps out figures of this dataset and period where {concerns}: {reason}")


def _signed_share(number: Any, own: Any) -> str:
    return f"{(float(number) - float(own)) / abs(float(own)):+.2%}"


def _plain(number: Any) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: Any, precision: str) -> str:
    return f"{day} (to the {precision})" if day else "on an unknown day"
