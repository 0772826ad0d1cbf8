"""What a release is asked for: its tables by SQL, where a number comes from, what a name means, and what documents say."""

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

import duckdb
import pandas

from tasks.ask import cautions, trace_facts
from tasks.ask import claims as documents
from tasks.ask import places as names
from tasks.ask import trace as trace_figures
from tasks.ask.claims import Verdict
from tasks.ask.places import Place
from tasks.ask.trace import Figure
from tasks.ask.trace_facts import ReadingValue, Value
from warehouse import connection
from warehouse.as_of import reader_as_of
from warehouse.errors import NotPublished
from warehouse.settings import Home

__all__ = ["Caution", "claims", "connect", "places", "sql", "trace"]


class Caution(UserWarning):
    """A statement can be read as something that its answer is not, such as a sum of what must not be added."""


def connect(home: Path | str = "data", release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to what is published, in whose search path ``mart`` comes first; the caller closes it.

    ``release`` is the name of an older release that is kept. Raises NotPublished.
    """
    place = Home(Path(home))
    file = place.releases / release / place.published_file.name if release else place.published_file
    if not file.exists():
        raise NotPublished(
            f"{file} does not exist: run `entrepot build`" if not release else _no_release(place, release)
        )
    con = duckdb.connect(str(file), read_only=True)
    connection.configure(con)
    return con


def sql(query: str, home: Path | str = "data", as_of: str | None = None) -> pandas.DataFrame:
    """The answer to one statement; decimals become floats, as in every frame of pandas (``connect`` gives them exactly).

    ``as_of`` is a day (YYYY-MM-DD) or a moment: the warehouse as a reader could have known it then. Warns with a Caution where the command line does.
    Raises NotPublished, and duckdb.Error for a statement that cannot be run.
    """
    place = Home(Path(home))
    with reader_as_of(place, as_of, query) if as_of else connection.reader(place) as con:
        frame = con.sql(query).df()
        for caution in cautions.cautions(con, query) or cautions.sums_of_nothing(con, query):
            warnings.warn(caution, Caution, stacklevel=2)
    return frame


def trace(
    table: str, home: Path | str = "data", column: str | None = None, **wanted: Any
) -> list[Value | ReadingValue] | list[Figure]:
    """Where numbers come from, down to the row as printed.

    Of a fact or a reading: its values, each with the figures it is made of and what was done with them (``column``: this one alone). Of a mart of
    figures: figures with every version. Example: ``trace("trade", reporter="JPN", partner="CHN", year=2016)``. Raises NotPublished, and Unknown for
    a table, column or row that is not there, and for too many rows.
    """
    place, conditions = Home(Path(home)), {name: str(value) for name, value in wanted.items()}
    mart = table.removeprefix("mart.")
    with connection.reader(place) as con:
        if trace_facts.is_traced(mart):
            return list(trace_facts.trace(con, place, mart, conditions, column))
        return trace_figures.trace(con, place, table, conditions)


def places(text: str, home: Path | str = "data", scheme: str | None = None, on: dt.date | None = None) -> list[Place]:
    """The places that a name or a code means, with all their names and codes; none if it means none.

    ``scheme`` says whose code it is, such as "comtrade", and ``on`` the day on which it is valid. Raises NotPublished.
    """
    with connection.reader(Home(Path(home))) as con:
        found = dict.fromkeys(reason.place for reason in names.candidates(con, text, scheme, on))
        return [names.details(con, place, on) for place in found]


def claims(home: Path | str = "data") -> list[Verdict]:
    """What documents say, held against the figures: those of the project and those in ``claims/`` of the home folder. Raises NotPublished."""
    place = Home(Path(home))
    with connection.reader(place) as con:
        return list(documents.judge(con, place).verdicts)


def _no_release(place: Home, release: str) -> str:
    kept = ", ".join(sorted(folder.name for folder in place.releases.glob("[!.]*"))) or "none"
    return f"no release {release!r} in {place.releases}; kept are {kept}"
