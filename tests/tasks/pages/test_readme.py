"""The table of sources in README.md is what the sources declare."""

from pathlib import Path

import pytest

from tasks import sources
from tasks.pages import readme

README = Path(__file__).parents[3] / "README.md"


def test_the_table_in_the_repository_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert readme.with_sources(text) == text, "run `make docs`"


def test_every_source_has_a_row_with_a_link_to_its_page() -> None:
    text = README.read_text(encoding="utf-8")
    assert [s for s in sources.all_sources() if f"| [{s}](docs/sources/{s}.md) | " not in text] == []


def test_only_the_table_is_written(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    before, _, rest = README.read_text(encoding="utf-8").partition("| source | what |")
    after = rest[rest.index("<!-- end of sources -->") :]
    path.write_text(before + "stale\n" + after, encoding="utf-8")
    readme.write(path)
    assert path.read_text(encoding="utf-8") == README.read_text(encoding="utf-8")


def test_a_missing_mark_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("# Without a table\n", encoding="utf-8")
    with pytest.raises(ValueError, match="must enclose the table of sources; put them back"):
        readme.write(path)
    assert path.read_text(encoding="utf-8") == "# Without a table\n"
