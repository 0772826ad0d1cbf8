"""The bench's SQL, one statement a file; names in braces are filled in."""

from pathlib import Path


def text(name: str, **values: object) -> str:
    """The statement in a file here, with its names filled in."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").format(**values)
