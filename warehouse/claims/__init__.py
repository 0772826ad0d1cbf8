"""What documents say, held against figures: the files of claims that come with the project, and how one is read and checked.

A file has one document and its claims (README.md beside this). The verdict of a claim is computed by SQL and never written down.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from warehouse.errors import ClaimsFault

FOLDER = Path(__file__).parent

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Comparison = Literal["equals", "at least", "at most", "more than", "less than"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(_Strict):
    """One statement of a document with the passage it stands in, and the query that tests it.

    ``sql`` gives a row for each source that says something: ``figure`` and ``source``, and, if it likes, ``published_on`` (the vintage) and
    ``about`` (what the figure is of). ``expected``, ``tolerance`` and ``figure`` are in ``unit``. ``missing`` says what would be needed
    where the query finds nothing.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    passage: Words
    statement: Words
    sql: Words
    comparison: Comparison
    expected: Annotated[float, Field(allow_inf_nan=False)]
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    unit: Words
    missing: Words

    @model_validator(mode="after")
    def _needs_no_tolerance(self) -> Self:
        if self.tolerance and self.comparison in ("more than", "less than"):
            raise ValueError(
                f"{self.comparison!r} has no tolerance: a figure on the other side of the expected one would support the claim. Say 'at least' or 'at most', or another expected figure"
            )
        return self


class Document(_Strict):
    """A document with its claims."""

    document: Words
    author: Words | None = None
    published: Words | None = None
    address: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """Reads YAML without custom types, and refuses a field that stands twice, of which the first would go unread."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The fields of a mapping. Raises yaml.YAMLError for one that stands twice."""
        names = [key.value for key, _ in node.value]
        for key, _ in reversed(node.value):
            if names.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field {key.value!r} stands twice", key.start_mark
                )
        fields: dict[Any, Any] = super().construct_mapping(node, deep)
        return fields


@cache
def bundled() -> tuple[Document, ...]:
    """The documents that come with the project, in the order of their files' names."""
    return documents(sorted(FOLDER.glob("*.yml")))


def documents(paths: list[Path], *beside: Document) -> tuple[Document, ...]:
    """The documents of files. Raises ClaimsFault for a file that breaks the schema, and for an id that two claims have.

    Ids must also differ from those of the documents ``beside``.
    """
    taken = {claim.id: document.document for document in beside for claim in document.claims}
    found = []
    for path in paths:
        document = read(path)
        for claim in document.claims:
            if claim.id in taken:
                raise ClaimsFault(
                    f"two claims have one id: {claim.id}, in {path} and in {taken[claim.id]!r}. Give one of them another id"
                )
            taken[claim.id] = document.document
        found.append(document)
    return tuple(found)


def read(path: Path) -> Document:
    """The document of a file. Raises ClaimsFault, which names the file, the claim and the field."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a safe loader
    except (OSError, UnicodeDecodeError) as fault:
        raise ClaimsFault(f"the file of claims cannot be read: {path}: {fault}") from fault
    except yaml.YAMLError as fault:
        raise ClaimsFault(f"the file of claims is not YAML: {path}: {' '.join(str(fault).split())}") from fault
    try:
        return Document.model_validate(content)
    except ValidationError as fault:
        # Where a claim is wrong Pydantic counts no claims at all, and says so as well.
        errors = [e for e in fault.errors() if e["type"] != "too_short" or not e["input"]]
        faults = "; ".join(_describe(content, error) for error in errors)
        raise ClaimsFault(f"the file of claims breaks its schema: {path}: {faults}") from None


def _describe(content: Any, error: Any) -> str:
    """One fault in words: "claim N1: tolerance: Input should be …, it is -1"."""
    where = [str(part) for part in error["loc"]]
    if where[:1] == ["claims"] and len(where) > 1:
        number = int(where[1])
        claim = content["claims"][number]
        name = claim.get("id") if isinstance(claim, dict) else None
        where = [f"claim {name or f'number {number + 1}'}", *where[2:]]
    field = ": ".join(where) or "the file"
    messages = {
        "missing": "is missing",
        "extra_forbidden": "there is no such field",
        "model_type": "has to be fields with values, like those of a claim" if where else "has to be fields with values: document, claims",
        "tuple_type": f"has to be a list of claims, it is {error['input']!r}",
        "too_short": "there are none",
        "string_pattern_mismatch": f"has to begin with a letter and have letters, digits and _ alone, it is {error['input']!r}",
    }  # fmt: skip
    if error["type"] == "value_error":
        return f"{field}: {error['ctx']['error']}"
    message = messages.get(error["type"]) or f"{error['msg']}, it is {error['input']!r}"
    return f"{field}: {message}"
