"""The clients that come with the development environment read the published file; the others do in ``make clients``."""

import re
import sys

import pytest

from tests.clients import check
from tests.clients.check import Client
from warehouse.settings import Home


def client(name: str) -> Client:
    return Client(name, (sys.executable, str(check.FOLDER / f"ask_{name}.py")))


def test_clients_that_read_at_once_find_the_same(bundled: Home) -> None:
    found = check.answers([client("duckdb"), client("polars"), client("ibis")], bundled.published_file)
    assert check.faults(found) == []
    assert {"trade", "fdi", "indicator", "trade_figures"} <= set(found["duckdb"]["marts"])
    assert found["duckdb"]["total"] == "2499028927000.000"


def test_every_script_is_asked() -> None:
    scripts = {path.name for path in check.FOLDER.glob("ask_*")}
    assert {"ask_duckdb.py", "ask_polars.py", "ask_ibis.py", "ask_sqlalchemy.py", "ask_dbt.py", "ask_node.mjs",
            "ask_command_line.py"} == scripts  # fmt: skip


RIGHT = {"marts": ["fdi", "trade"], "columns": ["year"], "total": "1.000", "publisher": "GACC"}


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"first": RIGHT, "other": RIGHT | {"total": "1.001"}}, "other finds total 1.001, not 1.000"),
        ({"first": RIGHT, "other": "fails: no such file"}, "other fails: no such file"),
        ({"first": "fails: no such file", "other": RIGHT}, "first fails: no such file"),
        ({"first": RIGHT | {"marts": ["trade", "trade"]}}, "first .*'trade', 'trade'"),
    ],
)
def test_a_client_that_finds_something_else_is_named(found: dict[str, object], fault: str) -> None:
    (named,) = check.faults(found)
    assert re.match(fault, named)
