"""What a pull fetches, from the options of the command."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tasks.fetch import selection
from tests.support.small_source import Small
from warehouse.errors import Unknown


def test_a_selection_from_options() -> None:
    asked = selection.parse("2015:2024", "CHN, JPN,CHN", "WLD EU27_2020", "TOTAL,87")
    assert (asked.first, asked.last) == (2015, 2024)
    assert asked.reporters == ("CHN", "JPN")
    assert asked.partners == ("WLD", "EU27_2020")
    assert asked.products == ("TOTAL", "87")
    assert selection.parse("2020", None, None, None).last == 2020
    assert selection.parse(None, None, None, None).first == 1992


def test_which_sources_are_pulled_without_names(
    known_sources: dict[str, Small], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert selection.sources_to_pull([]) == (
        ["test.small"],
        ["test.keyed is skipped: it needs a key. Set ENTREPOT_TEST_KEYED_KEY"],
    )
    assert selection.sources_to_pull(["test.keyed", "test.keyed"]) == (["test.keyed"], [])
    monkeypatch.setenv("ENTREPOT_TEST_KEYED_KEY", "secret-0123")
    assert selection.sources_to_pull([]) == (["test.small", "test.keyed"], [])
    with pytest.raises(Unknown):
        selection.sources_to_pull(["test.small", "nonsense"])


def test_a_source_with_large_answers_is_pulled_only_if_named(
    known_sources: dict[str, Small], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = known_sources["test.small"].service
    assert service is not None
    monkeypatch.setattr(known_sources["test.small"], "service", replace(service, is_large=True))
    assert selection.sources_to_pull([]) == (
        [],
        [
            "test.small is skipped: its answers are large. Name it to pull from it",
            "test.keyed is skipped: it needs a key. Set ENTREPOT_TEST_KEYED_KEY",
        ],
    )
    assert selection.sources_to_pull(["test.small"]) == (["test.small"], [])


def test_baci_is_pulled_only_if_named() -> None:
    asked, notes = selection.sources_to_pull([])
    assert "cepii.baci" not in asked
    assert "worldbank.wdi" in asked
    assert [note for note in notes if note.startswith("cepii.baci")] == [
        "cepii.baci is skipped: its answers are large. Name it to pull from it"
    ]
    assert selection.sources_to_pull(["cepii.baci"]) == (["cepii.baci"], [])


@pytest.mark.parametrize("text", ["last 3", " last 3 years"])
def test_the_last_years_end_with_this_one(text: str) -> None:
    this_year = datetime.now(UTC).year
    asked = selection.parse(text, None, None, None)
    assert (asked.first, asked.last) == (this_year - 2, this_year)


@pytest.mark.parametrize("text", ["last", "last 0", "last 100", "last three", "3 last"])
def test_other_words_for_the_last_years_are_refused(text: str) -> None:
    with pytest.raises(Unknown, match="last 3"):
        selection.parse(text, None, None, None)
