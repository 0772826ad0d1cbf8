"""The analysts' ten questions, asked of ``mart.trade_reconciled`` and of a flat table made by hand."""

import hashlib
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.bench import files, floor
from tests.bench.data import PLACE_CODES
from tests.bench.sql import text
from warehouse import connection
from warehouse.settings import Home

FOLDER = Path(__file__).with_name("queries")
_TIMES = 3
#: The flat table has rows of one source and one flow here, and the analyst says which, as of a table of many.
_FLAT = """(
    SELECT year, reporter AS exporter, partner AS importer, product, value_usd, net_weight_kg
    FROM trade WHERE source = 'cepii.baci' AND flow = 'export'
)"""


@dataclass(frozen=True)
class Question:
    """One question; ``sql`` has places for the table's name and the year."""

    name: str
    sql: str


def all_questions() -> list[Question]:
    """The ten of them, in order."""
    return [Question(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.sql"))]


def make_flat(csv: list[str], database: str) -> dict[str, Any]:
    """Make the flat table in a database of its own."""
    with duckdb.connect(str(files.fresh(Path(database)))) as con:
        con.execute(text("places.sql", place_codes=PLACE_CODES))
        con.execute(text("flat.sql", relation=floor.relation(csv)))
    return {"seconds": 0.0, "bytes": Path(database).stat().st_size}


def ask_flat(database: str, year: int) -> dict[str, Any]:
    """Ask the flat table. The same settings as a reader of the published file has: DuckDB's own."""
    files.warm(database)
    with duckdb.connect(database, read_only=True) as con:
        return _ask(con, _FLAT, year)


def ask_mart(home: str, year: int) -> dict[str, Any]:
    """Ask ``mart.trade_reconciled`` of the published file, as ``entrepot sql`` opens it."""
    place = Home(Path(home))
    files.warm(place.published_file)
    with connection.reader(place) as con:
        return _ask(con, "mart.trade_reconciled", year)


def _ask(con: duckdb.DuckDBPyConnection, trade: str, year: int) -> dict[str, Any]:
    """Seconds of each question (the median of three, after one that warms up) and a hash of its answer."""
    seconds, answers, rows = {}, {}, {}
    for question in all_questions():
        query = question.sql.format(trade=trade, year=year)
        answer = con.execute(query).fetchall()
        taken = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            con.execute(query).fetchall()
            taken.append(time.perf_counter() - begun)
        seconds[question.name] = statistics.median(taken)
        answers[question.name] = hashlib.sha256(repr(_plain(answer)).encode()).hexdigest()
        rows[question.name] = len(answer)
    return {"seconds": sum(seconds.values()), "each": seconds, "answers": answers, "rows": rows}


def _plain(answer: list[tuple[object, ...]]) -> list[tuple[str, ...]]:
    """Values as text, decimals without trailing zeros: 1.500 and 1.5 are one answer."""
    return [tuple(_value(v) for v in row) for row in answer]


def _value(value: object) -> str:
    shown = str(value)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
