"""warehouse/reference/README.md says of every table, code scheme and concordance where it comes from."""

import re
from pathlib import Path

from warehouse.reference_files import FOLDER, rows

README = (FOLDER / "README.md").read_text(encoding="utf-8")
#: The first cells of the tables in the page.
FIRST_CELLS = re.findall(r"^\| ([^|]+) \|", README, flags=re.MULTILINE)


def test_every_file_has_a_row_and_every_row_a_file() -> None:
    linked = {link for cell in FIRST_CELLS for link in re.findall(r"\]\(([^)]+\.csv)\)", cell)}
    assert linked == {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.csv")}


def test_every_scheme_of_codes_has_a_row_and_every_row_a_scheme() -> None:
    section = README.partition("## Codes of places")[2].partition("## Concordances")[0]
    cells = re.findall(r"^\| ([a-z0-9_✓, ]+) \|", section, flags=re.MULTILINE)
    named = {name.removesuffix(" ✓") for cell in cells for name in cell.split(", ")} - {"scheme"}
    assert named == {row["scheme"] for row in rows("place_codes.csv")}
    assert {row["scheme"] for row in rows("indicator_codes.csv")} == {"world_bank"}


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)
    assert [link for link in links if not (FOLDER / link).exists()] == []


def test_no_reference_file_names_a_path_outside_the_project() -> None:
    """Copies that facts were read in are named by publisher, repository and commit."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(FOLDER).rglob("*.csv")}
    assert [name for name, text in texts.items() if re.search(r"(?<![\w/.])(regional|sources)/\w", text)] == []
