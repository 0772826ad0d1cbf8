"""From accepted rows to the fact's columns: what a source's query leaves out, and what it must not."""

from dataclasses import replace

import duckdb
import pytest

from tasks.archive import store
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import Dataset
from tasks.contract.source import Source
from tasks.load import conform
from tasks.load.validate import Proof
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from warehouse.settings import Home


class Leaving(Source):
    """Bundled indicators, conformed by a query that leaves columns out or has others besides."""

    id, title, publisher, licence, redistribution = "test.leaving", "Test", "Test", "none", "ask"

    def __init__(self, query: str) -> None:
        self.query = query

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        table = Curated().datasets["indicator"]
        (whole,) = table.conforms
        return replace(table, conforms=(replace(whole, sql=self.query.format(whole=whole.sql)),))

    def text(self, opened: Opened) -> str:
        return Curated().text(opened)


@pytest.fixture
def artifact(home: Home, curated_folder: CuratedFolder) -> Artifact:
    path = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", note="provisional")])
    with path.open("rb") as content:
        kept, _ = store.store(
            home, "test.leaving", content, filename="a.csv", media_type="text/csv", origin_kind="pull", request="GET x"
        )
    return kept


def conformed(con: duckdb.DuckDBPyConnection, home: Home, artifact: Artifact, query: str) -> list[tuple[object, ...]]:
    conform.conform(con, home, Leaving(query), artifact, Proof(con), home.scratch)
    return con.execute("SELECT place, note, seen_via FROM conformed_indicator").fetchall()


def test_a_nullable_column_that_the_query_leaves_out_is_null(
    warehouse: duckdb.DuckDBPyConnection, home: Home, artifact: Artifact
) -> None:
    assert conformed(warehouse, home, artifact, "{whole}") == [("CN-LN", "provisional", None)]
    query = "SELECT * EXCLUDE (note, seen_via) FROM ({whole})"
    assert conformed(warehouse, home, artifact, query) == [("CN-LN", None, None)]
    types = dict(warehouse.execute("SELECT name, type FROM pragma_table_info('conformed_indicator')").fetchall())
    assert types["note"] == "VARCHAR"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * EXCLUDE (place) FROM ({whole})", "lacks place and has no column besides"),
        ("SELECT * RENAME (note AS notes) FROM ({whole})", "lacks no column and has notes besides"),
    ],
)
def test_a_required_column_left_out_or_a_misspelt_one_is_a_fault_of_the_sql(
    warehouse: duckdb.DuckDBPyConnection, home: Home, artifact: Artifact, query: str, message: str
) -> None:
    with pytest.raises(TypeError, match=message) as fault:
        conformed(warehouse, home, artifact, query)
    assert "test.leaving, a.csv" in str(fault.value)


def test_conformed_again_are_the_rows_that_a_load_accepted(
    warehouse: duckdb.DuckDBPyConnection, home: Home, curated_folder: CuratedFolder
) -> None:
    wrong = (
        curated_folder.row("indicator", place="CN-XX"),
        curated_folder.row("indicator", place="CN-JL", printed_value="much"),
    )
    path = curated_folder.write("indicator/b.csv", [wrong[0], curated_folder.row("indicator"), wrong[1]])
    with path.open("rb") as content:
        kept, _ = store.store(
            home, "test.leaving", content, filename="b.csv", media_type="text/csv", origin_kind="pull", request="GET x"
        )
    source, rows = Leaving("{whole}"), "FROM accepted_indicator ORDER BY row_number"
    balance = conform.conform(warehouse, home, source, kept, Proof(warehouse), home.scratch)
    refused = [row.row_number for row in balance.quarantined]
    first = warehouse.execute(rows).fetchall()
    with conform.conformed_again(warehouse, home, source, kept, refused) as records:
        assert refused == [1, 3]
        assert warehouse.execute(rows).fetchall() == first
        assert warehouse.execute(f"SELECT place FROM {records}").fetchall() == [("CN-XX",), ("CN-LN",), ("CN-JL",)]
    assert len(first) == 1
