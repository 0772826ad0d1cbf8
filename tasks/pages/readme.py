"""The table of sources in README.md, between two marks, from what the sources declare."""

import sys
from pathlib import Path

from tasks import sources
from tasks.pages.source_pages import cell, describe_arrival

_BEGIN = "<!-- sources: written by `make docs` -->"
_END = "<!-- end of sources -->"


def with_sources(text: str) -> str:
    """The text of README.md with the table of today's sources. Raises ValueError if a mark is missing."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"README.md: the lines {_BEGIN} and {_END} must enclose the table of sources; put them back")
    return f"{before}{_BEGIN}\n{_table()}\n{_END}{after}"


def _table() -> str:
    lines = ["| source | what | publisher | how its files arrive |", "|---|---|---|---|"]
    for source in sources.all_sources().values():
        link = f"[{source.id}](docs/sources/{source.id}.md)"
        lines.append(f"| {link} | {cell(source.title)} | {cell(source.publisher)} | {describe_arrival(source)} |")
    return "\n".join(lines)


def write(path: Path) -> None:
    """Bring the table in a README up to date."""
    path.write_text(with_sources(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
