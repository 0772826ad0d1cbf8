"""Settings of the environment and of ``.env`` that nobody reads, such as misspelt ones: they would be without effect in silence."""

import difflib
import os
import pkgutil
from collections.abc import Iterable, Iterator

from pydantic_settings import BaseSettings, SettingsConfigDict

from tasks import __path__ as folders_of_tasks
from warehouse import settings

_PREFIX = "ENTREPOT_"
#: Secrets, which are read where they are used and are no parameters (tasks.alerts.receivers, flows.sharing).
_SECRETS = ("ENTREPOT_ALERT_URLS", "ENTREPOT_SHARE_TOKEN")
#: What a source's service has (tasks.fetch.endpoint).
_OF_SERVICE = ("KEY", "URL")


class _File(BaseSettings):
    """Everything in ``.env``."""

    model_config = SettingsConfigDict(env_file=".env", extra="allow")


def warnings() -> Iterator[str]:
    """A sentence for each setting that has no effect."""
    given = {name.upper() for name in (*os.environ, *_in_file())}
    known = set(names())
    for name in sorted(name for name in given - known if name.startswith(_PREFIX)):
        yield f"the setting {name} is unknown and has no effect{_meant(name, known)}"


def _in_file() -> Iterable[str]:
    try:
        return _File().model_extra or {}
    except (OSError, UnicodeDecodeError):  # told by who reads a setting of it
        return ()


def names() -> Iterable[str]:
    """The names of all settings."""
    yield from settings.names()
    yield from _SECRETS
    # Importing the sources for their ids takes longer than most commands; their packages have the same names.
    for package in pkgutil.iter_modules([f"{folder}/sources" for folder in folders_of_tasks]):
        yield from (f"{_PREFIX}{package.name.upper()}_{name}" for name in _OF_SERVICE)


def _meant(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f": {near[0]} is meant?" if near else ""
