"""``entrepot mcp`` asked by the official client, over standard input and output."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from flows.cli import assistant
from tests.support.paths import ROOT
from warehouse.settings import Home

Asking = Callable[[Client], Coroutine[Any, Any, Any]]


def through(target: Any, ask: Asking) -> Any:
    """What a conversation with a server gives."""

    async def talk() -> Any:
        async with Client(target, read_timeout_seconds=60) as client:
            return await ask(client)

    return asyncio.run(talk())


def program(home: Home) -> StdioServerParameters:
    command = ["-m", "flows.cli.app", "mcp", "--home", str(home.root)]
    return StdioServerParameters(command=sys.executable, args=command, cwd=ROOT)


def text(result: CallToolResult) -> str:
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


@pytest.fixture
def asked(bundled: Home) -> Callable[..., CallToolResult]:
    """A tool of the server in this process, by its name and arguments."""

    def ask(tool: str, **arguments: Any) -> CallToolResult:
        result = through(assistant.server(bundled), lambda client: client.call_tool(tool, arguments))
        assert isinstance(result, CallToolResult)
        return result

    return ask


def test_a_client_finds_describes_queries_traces_and_resolves_over_stdio(bundled: Home) -> None:
    async def ask(client: Client) -> dict[str, Any]:
        tools = (await client.list_tools()).tools
        return {
            "tools": {tool.name: tool for tool in tools},
            "found": await client.call_tool("find_tables", {"words": "investment origin china"}),
            "described": await client.call_tool("describe", {"table": "trade"}),
            "rows": await client.call_tool("query", {"statement": "SELECT sum(exports_usd) AS usd FROM trade WHERE reporter = 'CHN' AND year = 2019"}),
            "traced": await client.call_tool("trace", {"table": "fdi", "where": {"reporter": "CHN", "counterpart": "JPN", "year": 2012}, "column": "mofcom_utilised_usd"}),
            "place": await client.call_tool("places", {"name": "遼寧省"}),
        }  # fmt: skip

    said = through(program(bundled), ask)
    assert set(said["tools"]) == {"find_tables", "describe", "query", "trace", "places"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in said["tools"].values())
    assert "fdi_china_by_origin" in text(said["found"])
    assert "Goods exported" in text(said["described"])
    assert said["rows"].structured_content == {"columns": ["usd"], "rows": [[2_499_028_927_000]], "is_cut": False, "cautions": []}  # fmt: skip
    assert "7,380,000,000" in text(said["traced"])
    assert "address  http" in text(said["traced"])
    assert "CN-LN Liaoning" in text(said["place"])


def test_rows_are_limited_and_cautions_told(asked: Callable[..., CallToolResult]) -> None:
    answer = asked("query", statement="SELECT reporter, value FROM trade_figures", limit=7).structured_content
    assert answer
    assert (len(answer["rows"]), answer["is_cut"]) == (7, True)
    summed = asked("query", statement="SELECT sum(value_usd) FROM fdi_figures").structured_content
    assert summed
    assert summed["cautions"]


def test_long_answers_are_cut(asked: Callable[..., CallToolResult], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant, "MOST_CHARACTERS", 500)
    answer = asked("query", statement="FROM trade_figures").structured_content
    assert answer
    assert 0 < len(json.dumps(answer["rows"], ensure_ascii=False)) < 600
    assert answer["is_cut"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("query", {"statement": "SELECT * FROM read_text('/etc/passwd')"}, "a statement reads the release alone"),
        ("query", {"statement": "CREATE TABLE t AS SELECT 1"}, "is not read-only"),
        ("query", {"statement": "SELECT 1; SELECT 2"}, "expected one SQL statement"),
        ("query", {"statement": "SELECT nothing FROM trade"}, '"nothing" not found'),
        ("query", {"statement": "SELECT 1", "limit": 1_000_000}, "less than or equal to 500"),
        ("describe", {"table": "nothing"}, "no table 'nothing'"),
        ("trace", {"table": "trade", "where": {"colour": "red"}}, "no column 'colour'"),
        ("places", {"name": "Liaonin"}, "perhaps: Liaoning is CN-LN"),
    ],
)
def test_what_cannot_be_answered_says_why(
    asked: Callable[..., CallToolResult], tool: str, arguments: dict[str, Any], said: str
) -> None:
    result = asked(tool, **arguments)
    assert result.is_error
    assert said in text(result)


def test_a_statement_without_end_is_ended(
    asked: Callable[..., CallToolResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "MOST_SECONDS", 0.2)
    result = asked(
        "query", statement="SELECT sum(a.range * b.range) FROM range(10_000_000) AS a, range(10_000_000) AS b"
    )
    assert result.is_error
    assert "took more than 0.2 seconds" in text(result)


def test_all_tables_are_listed_without_words(asked: Callable[..., CallToolResult]) -> None:
    assert {"trade", "fdi", "question"} <= set(text_of_tables(asked("find_tables")))


def text_of_tables(result: CallToolResult) -> list[str]:
    assert result.structured_content
    return [table["table"] for table in result.structured_content["result"]]


def test_nothing_published_is_told(tmp_path: Path) -> None:
    result = through(assistant.server(Home(tmp_path)), lambda client: client.call_tool("describe", {"table": "trade"}))
    assert result.is_error
    assert "nothing is published" in text(result)


def test_without_the_sdk_it_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['entrepot', 'mcp']; from flows.cli.app import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert 'pip install "mcp>=2.3"' in done.stderr
    assert "Traceback" not in done.stderr
