"""The page of tables is what the schemas say."""

from tests.support.paths import ROOT
from warehouse import docs


def test_the_page_in_the_repository_is_up_to_date() -> None:
    page = ROOT / "docs" / "tables.md"
    assert page.read_text(encoding="utf-8") == docs.tables_page(), "run `make docs`"
