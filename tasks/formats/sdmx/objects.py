"""SDMX-JSON, and the JSON of the IMF's former service.

SDMX-JSON states codes as positions in lists of the structure. Numbers stay as printed; JSON numbers and texts
are kept apart by type, because attributes may hold either a position (number) or the value itself (text, SDMX-JSON 2.0).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tasks.archive import json_text
from tasks.archive.sniff import Sniffed
from tasks.formats.sdmx.message import Damaged, Message, Record, reference
from warehouse.errors import LayoutChanged


class _Number(str):
    """A number as it was printed."""

    __slots__ = ()


def describe(sniffed: Sniffed) -> Message | None:
    """The header of a data message; None for JSON of another kind, such as structures and availability."""
    body = sniffed.json
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("CompactData"), dict):
        return _describe_compact(body["CompactData"])
    data = _data(body)
    structures = _structures(data)
    if not isinstance(data.get("dataSets"), list) or not structures:
        return None
    header = body.get("header") or body.get("meta") or {}
    agency, flow, version = _flow(structures[0])
    return Message("json", agency, flow, version, header.get("prepared"))


def records(path: Path) -> Iterator[Record]:
    """The observations of an SDMX-JSON message. Raises LayoutChanged for positions that its lists do not have."""
    data = _data(_load(path))
    structures = _structures(data)
    for data_set in data.get("dataSets") or []:
        if str(data_set.get("action", "")).lower() == "delete":
            raise LayoutChanged(f"the message deletes observations instead of stating them: {path.name}")
        try:
            yield from _observations(data_set, structures[int(data_set.get("structure") or 0)])
        except (IndexError, KeyError, ValueError, AttributeError, TypeError) as fault:
            raise LayoutChanged(f"the message does not fit its own structure: {path.name} ({fault!r})") from fault


def compact_records(path: Path) -> Iterator[Record]:
    """The observations of the former service's CompactData: ``@`` marks attributes, and what is alone is not in a list."""
    data_set = _load(path)["CompactData"].get("DataSet") or {}
    for series in _listed(data_set.get("Series")):
        of_series = _marked(series)
        for observation in _listed(series.get("Obs")):
            yield {**of_series, "OBS_VALUE": None, **_marked(observation)}


def _describe_compact(body: Mapping[str, Any]) -> Message:
    header = body.get("Header") or {}
    sender = header.get("Sender") or {}
    agency = (sender.get("Name") or {}).get("#text") if isinstance(sender.get("Name"), dict) else None
    return Message("compact", agency, header.get("DataSetID"), None, header.get("Prepared"))


def _load(path: Path) -> Any:
    try:
        return json_text.parse(path.read_text(encoding="utf-8-sig"), path.name, _Number)
    except (ValueError, UnicodeDecodeError, RecursionError) as fault:
        raise Damaged(f"the message cannot be read as JSON and may have been cut: {path.name} ({fault})") from fault


def _data(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the data sets are: at the top in 1.0, under ``data`` in later drafts of it and in 2.0."""
    inner = body.get("data")
    return inner if isinstance(inner, dict) else body


def _structures(data: Mapping[str, Any]) -> list[Any]:
    return data.get("structures") or ([data["structure"]] if data.get("structure") else [])


def _flow(structure: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    for link in structure.get("links") or []:
        named = reference(link.get("urn") or "")
        if named[1]:
            return named
        path = re.search(r"/dataflow/([^/]+)/([^/?]+)(?:/([^/?]+))?", link.get("href") or "")
        if path:
            return path[1], path[2], path[3]
    return None, None, None


def _observations(data_set: Mapping[str, Any], structure: Mapping[str, Any]) -> Iterator[Record]:
    dimensions, attributes = structure["dimensions"], structure.get("attributes") or {}
    measures = [m["id"] for m in (structure.get("measures") or {}).get("observation") or []] or ["OBS_VALUE"]
    of_set: Record = {d["id"]: _value(d["values"][0]) for d in dimensions.get("dataSet") or []}
    of_set |= _attributes(attributes.get("dataSet"), data_set.get("attributes"))
    shared = _listed(attributes.get("dimensionGroup"))
    for key, series in (data_set.get("series") or {"": data_set}).items():
        of_series = {**of_set, **_key(dimensions.get("series"), key)}
        if "series" in data_set:
            of_series |= _attributes(attributes.get("series"), series.get("attributes"))
            of_series |= _shared(shared, data_set.get("dimensionGroupAttributes"), key)
        for position, values in (series.get("observations") or {}).items():
            own = _key(dimensions.get("observation"), position)
            if "series" not in data_set:
                own |= _shared(shared, data_set.get("dimensionGroupAttributes"), position)
            yield {
                **of_series, **own, **_attributes(attributes.get("observation"), values[len(measures) :]),
                **dict(zip(measures, values, strict=False)),
            }  # fmt: skip


def _key(dimensions: Any, positions: str) -> Record:
    if not dimensions:
        return {}
    return {d["id"]: _value(d["values"][int(p)]) for d, p in zip(dimensions, positions.split(":"), strict=True)}


def _attributes(declared: Any, values: Any) -> Record:
    return {
        a["id"]: _attribute(a, value)
        for a, value in zip(declared or [], values or [], strict=False)
        if value is not None
    }


def _attribute(declared: Mapping[str, Any], value: Any) -> str | None:
    if isinstance(value, _Number) and declared.get("values"):
        return _value(declared["values"][int(value)])
    if isinstance(value, dict):
        value = value.get("en", next(iter(value.values()), None))
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _shared(declared: list[Any], groups: Any, key: str) -> Record:
    """Attributes of partial keys (SDMX-JSON 2.0): an empty position of ``0::1`` means every code."""
    attributes: Record = {}
    wanted = key.split(":")
    for partial, values in (groups or {}).items():
        if all(p in ("", w) for p, w in zip(partial.split(":"), wanted, strict=False)):
            attributes |= _attributes(declared, values)
    return attributes


def _value(item: Any) -> str | None:
    if item is None or isinstance(item, str):
        return item
    value = item.get("id", item.get("value", item.get("name")))
    return str(value) if value is not None else None


def _listed(item: Any) -> list[Any]:
    """A value as a list: empty for None; one that is not a list becomes its only item."""
    return [] if item is None else item if isinstance(item, list) else [item]


def _marked(item: Mapping[str, Any]) -> Record:
    return {name[1:]: value for name, value in item.items() if name.startswith("@")}
