"""Claims: how a figure is held against what a statement expects, and what is said of a file that breaks the schema."""

from pathlib import Path

import duckdb
import pytest

from warehouse import claims, sql
from warehouse.claims import Claim, Document
from warehouse.errors import ClaimsFault

FIELDS = {
    "id": "A1", "passage": "table 2", "statement": "It is ten.", "comparison": "equals", "expected": 10, "unit": "companies",
    "missing": "a count", "sql": "SELECT 10 AS figure, 'a' AS source",
}  # fmt: skip


def verdict(figures: list[float | None], **fields: object) -> tuple[str, float | None]:
    """The verdict of a claim by figures of one source each, and by how much it is off."""
    values = ", ".join(f"({'NULL' if f is None else f}, 'source {n}')" for n, f in enumerate(figures)) or "(NULL, NULL)"
    query = f"SELECT * FROM (VALUES {values}) AS t(figure, source)"
    claim = Claim.model_validate({**FIELDS, "sql": query, **fields})
    document = Document(document="A document", claims=(claim,))
    with duckdb.connect() as con:
        row = con.execute(
            f"SELECT verdict, off_by FROM ({sql.render('claims/of_one.sql', claim=(document, claim))})"
        ).fetchone()
    assert row
    return row


@pytest.mark.parametrize(
    ("figures", "fields", "expected"),
    [
        ([10.0, 10.0], {}, ("supported", None)),
        ([10.4], {"tolerance": 0.5}, ("supported", None)),
        ([0.1 + 0.2], {"expected": 0.3}, ("supported", None)),
        ([7.38], {"expected": 7.3}, ("contradicted", 0.08)),
        ([9.0, 12.5], {}, ("contradicted", 2.5)),
        ([10.0, 12.0], {}, ("mixed", 2.0)),
        ([], {}, ("no data", None)),
        ([None], {}, ("no data", None)),
        ([None, 10.0], {}, ("supported", None)),
        ([10.0], {"comparison": "at least"}, ("supported", None)),
        ([8.0], {"comparison": "at least", "tolerance": 1}, ("contradicted", -1.0)),
        ([9.5], {"comparison": "at least", "tolerance": 1}, ("supported", None)),
        ([12.0], {"comparison": "at most"}, ("contradicted", 2.0)),
        ([-3.0], {"comparison": "at most"}, ("supported", None)),
        ([10.0], {"comparison": "more than"}, ("contradicted", 0.0)),
        ([10.1], {"comparison": "more than"}, ("supported", None)),
        ([10.0], {"comparison": "less than"}, ("contradicted", 0.0)),
        ([-1.0], {"comparison": "less than", "expected": 0}, ("supported", None)),
    ],
)
def test_a_verdict_follows_from_the_figures(
    figures: list[float | None], fields: dict[str, object], expected: tuple[str, float | None]
) -> None:
    assert verdict(figures, **fields) == expected


def test_figures_are_told_with_source_and_vintage() -> None:
    query = "SELECT 12 AS figure, 'a survey' AS source, DATE '2018-05-31' AS published_on, '2017' AS about"
    claim = Claim.model_validate({**FIELDS, "sql": query})
    one = Document(document="A document", claims=(claim,)), claim
    with duckdb.connect() as con:
        told = con.execute(
            f"SELECT contradicted_by, missing FROM ({sql.render('claims/of_one.sql', claim=one)})"
        ).fetchone()
    assert told == ("12 (a survey, 2017, published 2018-05-31)", None)


def written(folder: Path, **fields: object) -> Path:
    """A file with one claim; a field that is None is left out."""
    lines = "".join(f"    {name}: {value}\n" for name, value in {**FIELDS, **fields}.items() if value is not None)
    path = folder / "mine.yml"
    path.write_text(f"document: A document\nclaims:\n  -\n{lines}", encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    (claim,) = claims.read(written(tmp_path)).claims
    assert (claim.id, claim.expected, claim.tolerance) == ("A1", 10.0, 0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"missing": None}, "claim A1: missing: is missing"),
        ({"verdict": "supported"}, "claim A1: verdict: there is no such field"),
        ({"comparison": "about"}, "claim A1: comparison: Input should be 'equals', 'at least', 'at most', 'more than' or 'less than', it is 'about'"),
        ({"tolerance": -1}, "claim A1: tolerance: Input should be greater than or equal to 0, it is -1"),
        ({"expected": "ten"}, "claim A1: expected: Input should be a valid number"),
        ({"id": None}, "claim number 1: id: is missing"),
        ({"id": "A 1"}, "claim A 1: id: has to begin with a letter and have letters, digits and _ alone, it is 'A 1'"),
        ({"expected": ".nan"}, "claim A1: expected: Input should be a finite number"),
        ({"comparison": "more than", "tolerance": 2}, "claim A1: 'more than' has no tolerance: a figure on the other side"),
        ({"statement": "''"}, "claim A1: statement: String should have at least 1 character"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_claim_and_field(tmp_path: Path, fields: dict[str, object], message: str) -> None:
    path = written(tmp_path, **fields)
    with pytest.raises(ClaimsFault) as raised:
        claims.read(path)
    told = str(raised.value).removeprefix(f"the file of claims breaks its schema: {path}: ")
    assert told.startswith(message)
    assert ";" not in told  # one fault, and nothing of what follows from it


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("document: [", "is not YAML"), ("document: x\nclaims:\n\t- id: a", "is not YAML: .* line 3"),
        ("- a", "the file: has to be fields with values: document, claims"), ("", "the file: has to be fields with values: document, claims"),
        ("document: x", "claims: is missing"), ("document: x\nclaims: 3", "claims: has to be a list of claims, it is 3"),
        ("document: x\nclaims: []", "claims: there are none"), ("document: x\nclaims: [a]", "claim number 1: has to be fields with values"),
        ("document: x\ndocument: y", "the field 'document' stands twice in .* line 2"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimsFault, match=message):
        claims.read(path)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    path = written(tmp_path, id="N1_peak")
    with pytest.raises(ClaimsFault, match="two claims have one id: N1_peak"):
        claims.documents([path], *claims.bundled())


def test_every_checkable_statement_of_the_founding_documents_has_a_claim() -> None:
    told = {claim.id.split("_")[0] for document in claims.bundled() for claim in document.claims}
    assert told == {f"N{n}" for n in (*range(1, 12), 14)} | {f"E{n}" for n in range(1, 9)}


def test_no_verdict_is_written_down() -> None:
    assert "verdict" not in Claim.model_fields
