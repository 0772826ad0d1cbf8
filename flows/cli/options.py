"""Options and arguments that several commands have in common, and how their text is understood."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.usage import WrongUsage
from warehouse.settings import Home, Settings, from_environment

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The home folder (ENTREPOT_HOME); ./data by default.", show_default=False),
]
SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
FileOption = Annotated[
    str | None, typer.Option("--file", help="Only this file: its name, the beginning of its hash, or its path.")
]


class _Invocation:
    """The home folder of this call: named before the command, or after it."""

    before_command: Path | None = None
    after_command: Path | None = None


def begin(home: Path | None) -> None:
    """Begin a call, with the home folder that was named before the command."""
    _Invocation.before_command, _Invocation.after_command = home, None


def settings_of(home: Path | None) -> Settings:
    """The settings of this call, made once; ``home`` is the folder named after the command, which comes first."""
    _Invocation.after_command = home
    return current_settings()


def current_settings() -> Settings:
    """The settings of this call, as far as its options have been read."""
    home = _Invocation.after_command or _Invocation.before_command
    return from_environment(home)


def home_of(home: Path | None) -> Home:
    """The home folder of this call."""
    return settings_of(home).home_folder


def check_source(source: str | None) -> None:
    """Raise WrongUsage where no source has this id: an empty answer would seem to be about one."""
    from tasks import sources
    from warehouse.errors import Unknown

    try:
        if source is not None:
            sources.get(source)
    except Unknown as fault:
        raise WrongUsage(str(fault)) from None


def day(text: str | None) -> dt.date | None:
    """A date given as YYYY-MM-DD. Raises WrongUsage."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUsage(f"{text!r} is not a date in the form YYYY-MM-DD") from None


def conditions(texts: list[str]) -> dict[str, str]:
    """Conditions given as COLUMN=VALUE, by column. Raises WrongUsage."""
    for text in texts:
        if "=" not in text:
            raise WrongUsage(f"{text!r} is not COLUMN=VALUE. Example: reporter=CHN")
    return dict(text.split("=", 1) for text in texts)


def statement(query: str | None, file: Path | None) -> str:
    """The statement of ``sql``: an argument, a file, or standard input (``-``). Raises WrongUsage."""
    if (query is None) is (file is None):
        raise WrongUsage("give one statement: as an argument, as - for standard input, or with --file")
    if file is not None:
        return _text_of(file.read_bytes(), str(file))
    return _text_of(sys.stdin.buffer.read(), "standard input") if query == "-" else str(query)


def _text_of(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WrongUsage(f"{name} is not UTF-8 text (byte {fault.start}): save the statement as UTF-8") from None
