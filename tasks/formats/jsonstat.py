"""JSON-stat 2.0 as Eurostat's Statistics API gives it: a cube of numbered cells, most of them left out.

Format: https://json-stat.org/full/. ``value`` and ``status`` are lists with a place for every cell, or objects by the cell's
number; the number counts through the dimensions in the order of ``id``, the last one fastest, by the positions in
``category.index``, which need not be the order of its writing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from warehouse.errors import LayoutChanged


@dataclass(frozen=True)
class Cell:
    """One cell: its codes in the order of the dimensions, its value as printed, its flag. One of the two may be missing."""

    codes: tuple[str, ...]
    value: str | None
    status: str | None


def dimensions(cube: dict[str, Any], where: str) -> dict[str, list[str]]:
    """The codes of each dimension, by position. Raises LayoutChanged where names, sizes and codes disagree."""
    names, sizes = cube.get("id"), cube.get("size")
    if not isinstance(names, list) or not isinstance(sizes, list) or len(names) != len(sizes):
        raise LayoutChanged(f"the JSON-stat cube lacks its dimensions: {where}")
    by_name = {str(name): _codes(cube, str(name), where) for name in names}
    for (name, codes), size in zip(by_name.items(), sizes, strict=True):
        if len(codes) != int(size):
            raise LayoutChanged(f"the dimension {name} has {len(codes)} codes, but the size {size}: {where}")
    return by_name


def cells(cube: dict[str, Any], where: str) -> Iterator[Cell]:
    """The cells that have a value or a flag, in the order of their numbers. Raises LayoutChanged."""
    by_position = list(dimensions(cube, where).values())
    size = prod(len(codes) for codes in by_position)
    values, statuses = _by_number(cube.get("value"), size, where), _by_number(cube.get("status"), size, where)
    for number in sorted(values.keys() | statuses.keys()):
        yield Cell(_codes_at(number, by_position), values.get(number), statuses.get(number))


def _codes(cube: dict[str, Any], name: str, where: str) -> list[str]:
    category = cube.get("dimension", {}).get(name, {}).get("category", {})
    index = category.get("index")
    if index is None:  # a dimension of one code may name it in its label only
        index = list(category.get("label", {}))
    if isinstance(index, dict):
        positions = {int(position): str(code) for code, position in index.items()}
        if sorted(positions) != list(range(len(index))):
            raise LayoutChanged(f"the positions of the dimension {name} have gaps: {where}")
        return [positions[n] for n in range(len(positions))]
    if isinstance(index, list):
        return [str(code) for code in index]
    raise LayoutChanged(f"the dimension {name} has no codes: {where}")


def _by_number(stated: Any, size: int, where: str) -> dict[int, str]:
    """Values or flags by the cell's number. ``stated``: a list, an object by number, or one text for all cells; null for none."""
    if isinstance(stated, str):
        stated = [stated] * size
    pairs = enumerate(stated) if isinstance(stated, list) else (stated or {}).items()
    by_number = {int(number): str(text) for number, text in pairs if text is not None}
    beyond = [number for number in by_number if not 0 <= number < size]
    if beyond:
        raise LayoutChanged(f"cell {beyond[0]} is beyond the {size} cells of the cube: {where}")
    return by_number


def _codes_at(number: int, by_position: Sequence[Sequence[str]]) -> tuple[str, ...]:
    codes = []
    for dimension in reversed(by_position):
        number, position = divmod(number, len(dimension))
        codes.append(dimension[position])
    return tuple(reversed(codes))
