"""SDMX messages in the forms publishers send them, as records of text.

A record is one observation with everything the message states of it: dimensions, the value, and the attributes of the
observation, its series and its groups, each under its SDMX id, as printed. Scales are not applied: what a UNIT_MULT
or SCALE means differs from publisher to publisher. Forms, with the standards they are written to:

* ``csv``: SDMX-CSV 1.0 and 2.0 (https://github.com/sdmx-twg/sdmx-csv), a header of ids;
* ``portal``: files saved from data.imf.org, a header of ``X.ID`` and ``X`` (its label) in pairs;
* ``series``: the same, a series in a row and a period in a column ("timeseries per row");
* ``ml``: SDMX-ML 2.1 and 3.0 data, generic and structure-specific (https://github.com/sdmx-twg/sdmx-ml); also 2.0;
* ``json``: SDMX-JSON data 1.0 and 2.0 (https://github.com/sdmx-twg/sdmx-json);
* ``compact``: SDMX-ML 2.0 put into JSON by the IMF's former service, where a list of one is the thing itself.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.formats import csv_text
from tasks.formats.sdmx import flat, markup, objects
from tasks.formats.sdmx.message import Damaged, Message, Record

__all__ = ["Damaged", "Message", "Record", "code", "describe", "records", "select"]

_READERS = {
    "csv": flat.records, "portal": flat.portal_records, "series": flat.series_records, "ml": markup.records,
    "json": objects.records, "compact": objects.compact_records,
}  # fmt: skip


def describe(sniffed: Sniffed) -> Message | None:
    """The header of a data message; None for a file of another kind.

    Raises LayoutChanged for markup that declares entities or cannot be parsed.
    """
    by_kind = {"text": flat.describe, "xml": markup.describe, "json": objects.describe}
    find = by_kind.get(sniffed.kind)
    return find(sniffed) if find else None


def records(path: Path, form: str) -> Iterator[Record]:
    """The observations of a message in their order, one at a time.

    ``form`` is that of ``describe``. Raises LayoutChanged for a message in another layout, Damaged (a LayoutChanged) for a cut one.
    """
    return _READERS[form](path)


def select(
    stated: Iterator[Record], required: Sequence[str], optional: Sequence[str], ignored: Collection[str], where: str
) -> Iterator[Record]:
    """The records with the required and the optional names only; an optional one that a record lacks is None.

    Raises LayoutChanged for a record that lacks a required name or has one that is not named here: a column is used,
    or ignored by name, or stops the load.
    """
    names = (*required, *optional)
    needed, known = set(required), {*names, *ignored}
    for number, record in enumerate(stated, 1):
        if not needed <= record.keys() <= known:
            at = f"{where}, record {number}"
            csv_text.check_columns(list(record), required, optional, ignored, where=at, what="the record")
        yield {name: record.get(name) for name in names}
