"""SDMX-ML data messages, read as a stream: neither the document nor a series is kept in memory.

Elements are recognised by their local names, because publishers bind the standards' namespaces to any prefix. A document
type is refused before anything is read: only there can entities be declared, and no publisher of data needs one.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from tasks.archive.sniff import Sniffed
from tasks.formats.sdmx.message import Damaged, Message, Record, reference
from warehouse.errors import LayoutChanged

#: Root elements of data messages: 2.1 and 3.0, and 2.0's.
_ROOTS = re.compile(
    r"(GenericData|GenericTimeSeriesData|StructureSpecificData|StructureSpecificTimeSeriesData|CompactData)$"
)
_CHUNK = 1 << 16


class _Done(Exception):
    """Enough of the document was read."""


@dataclass
class _Prologue:
    """What comes before the observations: the header, the attributes of the data set, a footer."""

    root: str | None = None
    refused: str | None = None
    header: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    footer: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def doctype(self, name: str, *_: Any) -> None:
        self.refused = f"the message declares a document type ({name}), which may contain entities"
        raise _Done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self.root = self.root or name
        self.path.append(name)
        if name in ("Series", "Obs", "Group"):
            raise _Done
        if name == "DataSet":
            self.attributes |= _plain(attributes)
        if name == "Ref" and "id" in attributes and "Header" in self.path:
            self.header.setdefault("agency", attributes.get("agencyID", ""))
            self.header.setdefault("id", attributes["id"])
            self.header.setdefault("version", attributes.get("version", ""))
        if name == "Structure" and "dimensionAtObservation" in attributes:
            self.header["dimension"] = attributes["dimensionAtObservation"]
        if name == "Message" and "Footer" in self.path:
            self.footer.append(attributes.get("code", ""))

    def end(self, _: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        within = self.path[-1] if self.path else ""
        if within == "Prepared":
            self.header["prepared"] = self.header.get("prepared", "") + data.strip()
        elif "Footer" in self.path and data.strip():
            self.footer.append(data.strip())
        elif within in ("URN", "Structure") and "Header" in self.path:
            agency, flow, version = reference(data)
            if flow:
                self.header |= {"agency": agency or "", "id": flow, "version": version or ""}


def describe(sniffed: Sniffed) -> Message | None:
    """A data message by its root element and header; None for markup of another kind."""
    seen = _read_prologue([sniffed.head], sniffed.filename, is_whole=sniffed.size <= len(sniffed.head))
    if not _ROOTS.search(seen.root or ""):
        return None
    return Message(
        "ml", seen.header.get("agency") or None, seen.header.get("id"), seen.header.get("version") or None,
        seen.header.get("prepared"), seen.attributes, footer=" ".join(seen.footer) or None,
    )  # fmt: skip


def records(path: Path) -> Iterator[Record]:
    """The observations of a message, those of groups that stand after their series with the groups' attributes too."""
    with path.open("rb") as file:
        seen = _read_prologue(iter(lambda: file.read(_CHUNK), b""), path.name, is_whole=True)
    if not _ROOTS.search(seen.root or ""):
        raise LayoutChanged(f"no SDMX data message, but {seen.root}: {path.name}")
    try:
        groups = _Groups(list(_groups(path)) if _has_groups(path) else [])
        yield from _observations(path, seen.header.get("dimension"), groups)
    except ET.ParseError as fault:
        raise Damaged(f"the message cannot be read as XML and may have been cut: {path.name} ({fault})") from fault


def _read_prologue(chunks: Any, where: str, *, is_whole: bool) -> _Prologue:
    seen = _Prologue()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = seen.doctype
    parser.StartElementHandler, parser.EndElementHandler = seen.start, seen.end
    parser.CharacterDataHandler = seen.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        if is_whole:
            parser.Parse(b"", True)
    except _Done:
        pass
    except expat.ExpatError as fault:
        raise LayoutChanged(f"the file cannot be read as XML: {where} ({fault})") from fault
    if seen.refused:
        raise LayoutChanged(f"{seen.refused}: {where}. Ask the publisher for data without one")
    return seen


def _has_groups(path: Path) -> bool:
    """Whether the word Group occurs: groups may follow the series they are about, and most messages have none."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"Group" in before + chunk:
                return True
            before = chunk[-8:]
    return False


def _groups(path: Path) -> Iterator[tuple[Record, Record]]:
    """Key and attributes of every group. A structure-specific group has both in one: what is in a series is its key."""
    for event, element in ET.iterparse(path, ("start", "end")):  # noqa: S314
        name = _local(element.tag)
        if event == "end" and name == "Group":
            key: Record = dict(_plain(element.attrib))
            attributes: Record = {}
            for child in element:
                inner = _local(child.tag)
                if inner == "GroupKey":
                    key |= _values(child)
                elif inner == "Attributes":
                    attributes |= _values(child)
                elif inner == "Comp":
                    attributes |= _component(child)
            key.pop("type", None)
            yield key, attributes
        if event == "end" and name in ("Group", "Series", "Obs"):
            element.clear()


class _Groups:
    """The attributes of groups, looked up by the values of a record.

    A generic group gives key and attributes apart. A structure-specific one does not: the names the record has too
    are the key.
    """

    def __init__(self, groups: list[tuple[Record, Record]]) -> None:
        self._by_names: dict[tuple[str, ...], list[tuple[Record, Record]]] = {}
        for key, attributes in groups:
            self._by_names.setdefault(tuple(key), []).append((key, attributes))
        self._indexes: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[tuple[str | None, ...], Record]] = {}

    def of(self, record: Record) -> Record:
        """The attributes of all groups a record belongs to."""
        attributes: Record = {}
        for names in self._by_names:
            shared = tuple(name for name in names if name in record)
            if shared:
                attributes |= self._index(names, shared).get(tuple(record[name] for name in shared), {})
        return attributes

    def _index(self, names: tuple[str, ...], shared: tuple[str, ...]) -> dict[tuple[str | None, ...], Record]:
        if (names, shared) not in self._indexes:
            self._indexes[names, shared] = {
                tuple(key[name] for name in shared): {n: v for n, v in key.items() if n not in shared} | attributes
                for key, attributes in self._by_names[names]
            }
        return self._indexes[names, shared]


def _observations(path: Path, dimension: str | None, groups: _Groups) -> Iterator[Record]:
    open_elements: list[ET.Element] = []
    series: Record = {}
    for event, element in ET.iterparse(path, ("start", "end")):  # noqa: S314
        name = _local(element.tag)
        if event == "start":
            open_elements.append(element)
            if name == "Series":
                series = dict(_plain(element.attrib))
            elif name == "DataSet" and element.attrib.get("action", "").lower() == "delete":
                raise LayoutChanged(f"the message deletes observations instead of stating them: {path.name}")
            continue
        open_elements.pop()
        parent = _local(open_elements[-1].tag) if open_elements else ""
        if parent == "Series" and name in ("SeriesKey", "Attributes"):
            series |= _values(element)
        elif parent == "Series" and name == "Comp":
            series |= _component(element)
        elif name == "Obs":
            stated = {**series, **_observation(element, dimension)}
            yield {**groups.of(stated), **stated}
        if name in ("Obs", "Series", "Group"):
            # Removed from its parent: a data set of ten million observations stays as small as one.
            open_elements[-1].remove(element)


def _observation(element: ET.Element, dimension: str | None) -> Record:
    record: Record = dict(_plain(element.attrib))
    for child in element:
        name = _local(child.tag)
        if name == "ObsDimension":
            record[child.get("id") or dimension or "TIME_PERIOD"] = child.get("value")
        elif name == "ObsValue":
            record["OBS_VALUE"] = child.get("value")
        elif name == "Time":
            record["TIME_PERIOD"] = child.text
        elif name in ("ObsKey", "Attributes"):
            record |= _values(child)
        elif name == "Comp":
            record |= _component(child)
    record.setdefault("OBS_VALUE", None)
    return {name: value or None for name, value in record.items()}


def _values(element: ET.Element) -> Record:
    """``<Value id="FREQ" value="A"/>`` (concept in 2.0) of a key or of attributes."""
    return {child.get("id") or child.get("concept") or "": child.get("value") for child in element}


def _component(element: ET.Element) -> Record:
    """SDMX-ML 3.0: ``<Comp id="UNIT"><Value>USD</Value></Comp>``."""
    return {element.get("id") or "": "; ".join(filter(None, (child.text for child in element)))}


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without a namespace: those with one belong to XML, not to the data."""
    return {
        name: value for name, value in attributes.items() if "}" not in name and ":" not in name and name != "xmlns"
    }


def _local(tag: str) -> str:
    return re.split(r"[}:]", tag)[-1]
