"""The claims are those that the founding documents make: each checkable statement, and the figures of the article's table. Needs ../shared."""

import re
from pathlib import Path

import pytest

from warehouse import claims
from warehouse.claims import Claim

#: Opinions, background and what matters: nothing that a figure or an event could contradict.
NOT_CHECKABLE = {"N12", "N13", "E9"}


@pytest.fixture
def documents(shared: Path) -> str:
    """What the two founding documents state, one by one."""
    return (shared / "docs" / "founding-documents.md").read_text(encoding="utf-8")


def every() -> dict[str, Claim]:
    """The claims of the bundled documents by their ids."""
    return {claim.id: claim for document in claims.bundled() for claim in document.claims}


def test_every_checkable_statement_has_a_claim(documents: str) -> None:
    stated = set(re.findall(r"^- ([NE]\d+) ", documents, flags=re.MULTILINE))
    assert stated > NOT_CHECKABLE
    assert {id.split("_")[0] for id in every()} == stated - NOT_CHECKABLE


#: Claims that expect a figure of the article's table: its row and column (2012, 2016, 2017).
TABLED = {
    "N1_peak": ("Japan", 0), "N1_highest": ("Japan", 0), "N2_eu_2012": ("European Union", 0), "N2_usa_2012": ("United States", 0),
    "N2_kor_2012": ("South Korea", 0), "N3_level": ("Japan", 2),
}  # fmt: skip


@pytest.mark.parametrize("id", TABLED)
def test_a_claim_expects_the_figure_of_the_table(documents: str, id: str) -> None:
    origin, column = TABLED[id]
    (line,) = [line for line in documents.splitlines() if line.startswith(f"| {origin} |")]
    printed = re.findall(r"\d+\.\d", line)[column]
    assert every()[id].expected == float(printed)
