"""Reading JSON of foreign files: numbers stay text as printed, and what two readers may understand differently is refused."""

import json
from collections.abc import Callable
from typing import Any

from warehouse.errors import LayoutChanged


def parse(text: str, where: str, number: Callable[[str], Any] = str) -> Any:
    """A text parsed as JSON; ``number`` makes something of the text of each number.

    Raises LayoutChanged for an object that states a key twice, of which most readers silently take the last; ValueError for
    what is not JSON, which NaN and Infinity are not; RecursionError for one too deep.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=number, parse_int=number, parse_constant=_refuse)
    except StatedTwice as fault:
        raise stated_twice(fault.key, where) from None


def decoder() -> json.JSONDecoder:
    """The same for a text that is read piece by piece; raises ``StatedTwice`` for a repeated key."""
    return json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_refuse)


class StatedTwice(Exception):
    """An object states a key twice. No ValueError, which would pass for a text that is cut."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def stated_twice(key: str, where: str) -> LayoutChanged:
    """The fault of a text with a repeated key."""
    return LayoutChanged(f"the JSON text states {key!r} twice in one object, so that it has two meanings: {where}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) < len(pairs):
        keys = [key for key, _ in pairs]
        raise StatedTwice(next(key for key in keys if keys.count(key) > 1))
    return parsed


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
