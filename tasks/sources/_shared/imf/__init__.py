"""What the International Monetary Fund's sources share: how its SDMX messages and saved tables are recognised and read."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from schemas.base import Table
from tasks.archive.sniff import Sniffed, sniff
from tasks.archive.store import Artifact, Opened, SetAside
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.service import Request, Scope, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.formats import csv_text, sdmx
from tasks.formats.sdmx import Message, Record
from tasks.sources._shared.imf import former_tables, records, service
from tasks.sources._shared.imf.records import SAVED, Series
from warehouse.errors import LayoutChanged

_AGENCY = "IMF.STA"
#: The form of tables that data.imf.org gave until 2025 by counterpart country.
FORMER_TABLES = Form(
    "Tables by counterpart country as data.imf.org gave them until 2025 (CSV), series in rows with periods across or a period in a row, with "
    "numeric codes of countries; a figure of 100 million or more shows that they are in dollars.",
    (former_tables.LAYOUT,),
    made=(former_tables.LAYOUT,),
)
_DESCRIPTIONS = {
    "csv": "as the service's CSV", "portal": "as saved from data.imf.org",
    "series": "as saved from data.imf.org, a series in a row", "ml": "as SDMX-ML", "json": "as SDMX-JSON",
    "compact": "as the former service's JSON",
}  # fmt: skip


class ImfSource(Source):
    """A dataflow of the IMF's Statistics Department.

    ``flow`` is its id, ``structures`` the ids under which messages name it, ``dimensions`` its key in order. ``columns`` gives
    for each column of the staged table where it comes from: an SDMX id, or ``_unit``, the unit the value is printed in.
    ``conform_sql`` is the file in the source's package whose query gives the columns of ``fact``.
    """

    publisher = "International Monetary Fund (IMF)"
    licence = (
        "IMF terms of use, https://www.imf.org/external/terms.htm: free with attribution and values unaltered; "
        "commercial re-use is to be cleared with copyright@imf.org"
    )
    redistribution = "attribution"
    service = Service(url="https://api.imf.org/external/sdmx/2.1", interval_seconds=0.6)

    flow: ClassVar[str]
    structures: ClassVar[tuple[str, ...]]
    dimensions: ClassVar[tuple[str, ...]]
    columns: ClassVar[dict[str, str]]
    staged: ClassVar[type[Table]]
    fact: ClassVar[Fact]
    conform_sql: ClassVar[str]

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A message or a saved table of this dataflow; None for other dataflows. Raises LayoutChanged for damaged markup."""
        if former_tables.is_table(sniffed):
            return self._recognised_former(sniffed)
        if sniffed.kind == "xml" and b"IMF" not in sniffed.head:
            return None
        message = sdmx.describe(sniffed)
        if message is None or not self.is_own(message, sniffed):
            return None
        version = f" version {message.version}" if message.version else ""
        description = f"{self.title},{version} {_DESCRIPTIONS[message.form]}"
        return Recognised(message.form, description, message.attributes.get("UPDATE_DATE") or message.version)

    def _recognised_former(self, sniffed: Sniffed) -> Recognised | None:
        if not any(self.is_former_indicator(code) for code in former_tables.indicators(sniffed)):
            return None
        if sniffed.size <= len(sniffed.head):  # a larger file is read when it is examined
            former_tables.check(sniffed.path, f"{self.id}, {sniffed.filename}")
        return Recognised(former_tables.LAYOUT, f"{self.title}, as data.imf.org gave it until 2025")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """The table, the same for every form."""
        query = sql_beside(type(self).__module__, self.conform_sql)
        return Dataset(self.staged, (Conform(self.fact, query),))

    def text(self, opened: Opened) -> str:
        """A row for each observation of the measures that are loaded; other records are set aside. Raises LayoutChanged."""
        layout, where = opened.artifact.layout or "", f"{self.id}, {opened.artifact.filename}"
        if layout == former_tables.LAYOUT:
            return opened.table(tuple(self.columns), map(self._former_row, former_tables.records(opened.path, where)))
        message = sdmx.describe(sniff(opened.path, opened.artifact.filename))
        if message is None or message.form != layout:
            raise LayoutChanged(f"the file does not have the layout {layout} any more: {where}. Adopt it again")
        updated = message.attributes.get("UPDATE_DATE")
        has_scale = not {"SCALE", "SCALE.ID"}.isdisjoint(message.columns)
        unscaled = self.unscaled(opened, layout) if layout in SAVED and not has_scale else None
        rows = (
            SetAside(reason) if reason else self._row(record, self.unit(record, layout, unscaled), updated)
            for record, reason in self._judged(sdmx.records(opened.path, layout), layout, where)
        )
        return opened.table(tuple(self.columns), rows)

    def scope(self, request: Request) -> Scope:
        """The years and economies of a request; see service.scope."""
        return service.scope(self, request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """An answer in CSV, of the dataflow asked for; see service.judge."""
        return service.judge(self, request, answer)

    def is_former_indicator(self, code: str) -> bool:  # noqa: ARG002
        """Whether the data set that this one was until 2025 had this indicator, loaded or not."""
        return False

    def today(self, record: Record) -> Record | None:
        """A record of a table until 2025 with today's codes of its measure; None if the measure is not loaded."""
        return record

    @abstractmethod
    def is_indicator(self, code: str) -> bool:
        """Whether the dataflow has this indicator, loaded or not."""

    def reason_not_loaded(self, record: Record) -> str | None:
        """Why a record is not loaded, such as that it is of a measure that is not; None for one that is."""
        has_observation = record["TIME_PERIOD"] or record["OBS_VALUE"]
        return None if has_observation else "a series without any observation"

    def is_own(self, message: Message, sniffed: Sniffed) -> bool:
        """Whether a message or saved table is of this dataflow."""
        if message.form == "portal":
            return self._is_own_table(message, sniffed)
        return message.agency == _AGENCY and message.id in self.structures

    def _is_own_table(self, message: Message, sniffed: Sniffed) -> bool:
        """A saved table does not name its dataflow: its dimensions do, and the codes of its indicator."""
        coded = {name.removesuffix(".ID") for name in message.columns if name.endswith(".ID")}
        if coded - {"SCALE", *records.IGNORED, *records.OPTIONAL} != set(self.dimensions) or len(sniffed.lines) < 2:
            return False
        first = csv_text.cells(sniffed.lines[1])
        position = message.columns.index("INDICATOR.ID")
        return len(first) > position and self.is_indicator(first[position])

    def cut(self, stated: Iterator[Record], layout: str, where: str) -> Iterator[Record]:
        """The records cut to the columns that are read. Raises LayoutChanged."""
        return records.select(stated, self.dimensions, layout, where)

    def select(self, stated: Iterator[Record], layout: str, where: str) -> Iterator[Record]:
        """The records that are loaded, cut to the columns that are read. Raises LayoutChanged."""
        return (record for record, reason in self._judged(stated, layout, where) if reason is None)

    def _judged(self, stated: Iterator[Record], layout: str, where: str) -> Iterator[tuple[Record, str | None]]:
        """Each record with the reason why it is not loaded, if there is one."""
        return ((record, self.reason_not_loaded(record)) for record in self.cut(stated, layout, where))

    def unit(self, record: Record, layout: str, unscaled: frozenset[Series] | None) -> str | None:
        """What the value of a record is printed in; ``unscaled`` as in records.unit_of_saved. Raises LayoutChanged."""
        if layout not in SAVED:
            return "USD"
        return records.unit_of_saved(record, self._series(record), unscaled, self.id)

    def unscaled(self, opened: Opened, layout: str) -> frozenset[Series]:
        """The series in full dollars of a saved table without a SCALE column. Raises LayoutChanged."""
        where = f"{self.id}, {opened.artifact.filename}"
        selected = self.select(sdmx.records(opened.path, layout), layout, where)
        return records.unscaled_series(((self._series(record), record) for record in selected), where)

    def _former_row(self, record: Record) -> Sequence[str | None] | SetAside:
        stated = self.today(record)
        if stated is None:
            return SetAside("another measure")
        reason = self.reason_not_loaded(stated)
        return SetAside(reason) if reason else self._row(stated, "USD", None)

    def _row(self, record: Record, unit: str | None, updated: str | None) -> Sequence[str | None]:
        stated = {**record, "UPDATE_DATE": record["UPDATE_DATE"] or updated, "_unit": unit}
        return [stated[name] for name in self.columns.values()]

    def _series(self, record: Record) -> Series:
        return tuple(record[name] for name in self.dimensions)
