"""The World Bank's figures as XML: the download "XML" of data.worldbank.org, and answers of the service without format=json.

A download is ``<Root xmlns:wb="http://www.worldbank.org"><data><record><field name="Country or Area" key="JPN">…``; it states no
day. An answer is ``<wb:data page="1" pages="2" per_page="50" total="62" sourceid="2" lastupdated="2024-06-28"><wb:data>…``, and
is given as the JSON of the same answer is. Errors name no file: the caller adds it.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.sources.worldbank_wdi.tables import Row
from warehouse.errors import LayoutChanged

_ADDRESS = "http://www.worldbank.org"
_WB = f"{{{_ADDRESS}}}"
_AGAIN = "Download the file again"
#: A root, whatever attributes it has in whatever order.
_ROOT = re.compile(rf"<(?:Root|wb:(?P<answer>data|error))\b[^>]*{re.escape(_ADDRESS)}")


def form(head: str) -> str | None:
    """What XML is by its beginning: ``download``, ``answer``, or None for what is not the World Bank's."""
    match = _ROOT.search(head)
    return None if match is None else "answer" if match["answer"] else "download"


def figures(path: Path) -> Iterator[Row]:
    """The figures of a download, in the columns of tables.COLUMNS; an empty value gives none. Raises LayoutChanged."""
    for number, record in enumerate(_elements(path, "record"), 1):
        fields = {str(field.get("name")): field for field in record}
        missing = {"Country or Area", "Item", "Year", "Value"} - fields.keys()
        if missing:
            raise LayoutChanged(f"record {number} of the XML lacks {', '.join(sorted(missing))}. {_AGAIN}")
        place, series = fields["Country or Area"], fields["Item"]
        value = _text(fields["Value"])
        if value is not None:
            yield (
                place.get("key"), None, _text(place), series.get("key"), _text(series), _text(fields["Year"]), value, None, None, None,
            )  # fmt: skip


def answer(path: Path) -> list[Any]:
    """An answer in the form of the service's JSON: ``[header, rows]``, or ``[{"message": …}]``. Raises LayoutChanged."""
    root = _root(path)
    if root.tag == f"{_WB}error":
        return [{"message": [{**message.attrib, "value": _text(message) or ""} for message in root]}]
    return [dict(root.attrib), [_row(element) for element in root]]


def _row(element: ET.Element) -> dict[str, Any]:
    cells = {part.tag.removeprefix(_WB): part for part in element}
    if not cells.keys() >= {"indicator", "country", "countryiso3code", "date", "value"}:
        return {name: _text(part) for name, part in cells.items()}
    row: dict[str, Any] = {name: _text(part) or "" for name, part in cells.items()}
    named = {name: {"id": cells[name].get("id") or "", "value": row[name]} for name in ("indicator", "country")}
    return row | named | {"value": _text(cells["value"])}


def _text(element: ET.Element) -> str | None:
    """The text of an element without spaces around it; None for an empty one."""
    return (element.text or "").strip() or None


def _root(path: Path) -> ET.Element:
    try:
        return ET.parse(path).getroot()  # noqa: S314 (expat limits what entities expand to)
    except ET.ParseError as fault:
        raise LayoutChanged(f"the XML is damaged: {fault}. {_AGAIN}") from fault


def _elements(path: Path, tag: str) -> Iterator[ET.Element]:
    """The elements of a name one after the other, each forgotten when the next is read."""
    try:
        for _, element in ET.iterparse(path):  # noqa: S314
            if element.tag == tag:
                yield element
                element.clear()
    except ET.ParseError as fault:
        raise LayoutChanged(f"the XML is damaged: {fault}. {_AGAIN}") from fault
