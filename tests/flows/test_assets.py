"""Sources and marts as assets: each event says what was made, and from what."""

from typing import Any

import prefect.events
import pytest

from flows import assets
from schemas import mart
from schemas.base import table_name


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The events that are emitted."""
    emitted: list[dict[str, Any]] = []
    monkeypatch.setattr(prefect.events, "emit_event", lambda **event: emitted.append(event))
    return emitted


def of_kind(events: list[dict[str, Any]], kind: str) -> dict[str, list[str]]:
    """What each asset of a kind of events is related to."""
    return {
        e["resource"]["prefect.resource.id"]: [r["prefect.resource.id"] for r in e["related"]]
        for e in events
        if e["event"] == f"prefect.asset.{kind}"
    }


def test_a_loaded_source_is_shown_with_its_publisher_and_counts(events: list[dict[str, Any]]) -> None:
    assets.loaded("fred.fx", {"files": 2, "rows": 7})
    (event,) = events
    assert event["event"] == "prefect.asset.materialization.succeeded"
    assert event["resource"]["prefect.resource.id"] == "entrepot://sources/fred.fx"
    assert "Federal Reserve" in event["resource"]["prefect.asset.owners"]
    assert event["payload"] == {"files": 2, "rows": 7}


def test_a_source_that_is_no_more_is_shown_by_its_id(events: list[dict[str, Any]]) -> None:
    assets.published("20260101T000000Z", {"core.trade": ["gone.source"]})
    assert (
        "entrepot://sources/gone.source"
        in of_kind(events, "materialization.succeeded")["entrepot://marts/trade_figures"]
    )


def test_a_release_shows_facts_from_figures_from_sources(events: list[dict[str, Any]]) -> None:
    assets.published("20260101T000000Z", {"core.trade": ["curated", "uncomtrade"], "core.fdi": ["curated"]})
    made = of_kind(events, "materialization.succeeded")
    assert {*made["entrepot://marts/trade_figures"]} == {
        "entrepot://sources/curated", "entrepot://sources/uncomtrade", "entrepot",
    }  # fmt: skip
    assert "entrepot://marts/trade_figures" in made["entrepot://marts/trade"]
    assert "entrepot://marts/fdi_figures" in made["entrepot://marts/fdi_china_by_origin"]
    assert {name.rpartition("/")[2] for name in made} <= {table_name(t).removeprefix("mart.") for t in mart.VIEWS}
    assert all(e["payload"]["release"] for e in events if e["event"].endswith("succeeded"))
