"""What the International Monetary Fund's sources have in common: how its SDMX messages are recognised, read and asked for.

Service and formats: https://data.imf.org/en/Resource-Pages/IMF-API. In answers of the service OBS_VALUE is in full
units whatever SCALE says: SCALE is how data.imf.org is to show them. In tables saved from there the same value is in
the unit that SCALE names: there millions are millions. A few series have no SCALE, and are saved in full dollars in the
middle of a table of millions (China's reported positions of Korea, Kosovo and Kuwait in DIP 12.0.1).
"""

import csv
import io
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from schemas.base import Table
from tasks.archive.sniff import Sniffed, sniff
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.formats import sdmx
from tasks.formats.sdmx import Message, Record, flat
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotData, RepeatedKeys

AGENCY = "IMF.STA"
#: What values printed with a SCALE or UNIT_MULT are in, as ref.unit has it.
UNITS = {"0": "USD", "3": "USD thousand", "6": "USD million", "9": "USD billion"}
#: SCALE where a saved table has its label only.
_SCALES = {"Units": "0", "Thousands": "3", "Millions": "6", "Billions": "9"}
#: Forms in which data.imf.org saves tables, and prints values in the unit of SCALE.
_SAVED = ("portal", "series")
#: More digits before the point no amount in millions of dollars has: it would be more than 100 trillion.
_MOST_DIGITS = 8
#: A saved table without a SCALE column may have this share of series that cannot be in millions; with more of them
#: nothing tells what it is in.
_MOST_UNSCALED = 0.02
_CSV = "application/vnd.sdmx.data+csv;version=1.0.0"

#: Attributes that say nothing a figure needs: how it is displayed, parts of its code, and texts about the data set.
_IGNORED = frozenset({
    "DATAFLOW", "DATASET", "SERIES_CODE", "OBS_MEASURE", "STRUCTURE", "STRUCTURE[;]", "STRUCTURE_ID", "STRUCTURE_NAME", "PRECISION",
    "DECIMALS_DISPLAYED", "OVERLAP", "IFS_FLAG", "GROUP_FLAG", "COMMENTS", "TRADE_FLOW", "VALUATION",
    "DI_DIRECTION", "FUNCTIONAL_CAT", "INSTR_ASSET", "DI_ENTITY", "ACCOUNTING_ENTRY", "EXRATE",
    "STATISTICAL_MEASURES", "TRANSFORMATION", "TIME_FORMAT", "SERIES_NAME", "KEY_INDICATOR", "TOPIC",
    "KEYWORDS", "METHODOLOGY", "METHODOLOGY_NOTES", "HISTORICAL_DATA_SOURCE", "LANGUAGE", "PUBLISHER",
    "PUBLICATION_DATE", "CONTACT_POINT", "DEPARTMENT", "TOPIC_DATASET", "SHORT_SOURCE_CITATION",
    "FULL_SOURCE_CITATION", "SUGGESTED_CITATION", "KEYWORDS_DATASET", "FULL_DESCRIPTION", "LICENSE", "DOI",
    "ACCESS_SHARING_LEVEL", "SECURITY_CLASSIFICATION", "SOURCE",
})  # fmt: skip
_OPTIONAL = ("SCALE", "UNIT_MULT", "STATUS", "DERIVATION_TYPE", "UPDATE_DATE", "UNIT", "ACTION")

#: Whose figures a pull brings when nobody says: China, Japan, South Korea, the United States, the members of the EU.
_FOUNDING = ("CHN", "JPN", "KOR", "USA")
#: So many counterparts go into one request; its address stays below 2,000 characters.
_COUNTERPARTS = 60


def economies() -> tuple[str, ...]:
    """The reporters a pull brings when nobody says: those of the founding questions and the EU's members, ever."""
    return (*_FOUNDING, *reference_files.members_ever("EU_AT_THE_TIME"))


#: The codes of a series.
Series = tuple[str | None, ...]


class ImfSource(Source):
    """A dataflow of the IMF's Statistics Department.

    ``structure`` are the ids under which messages name it, ``dimensions`` its key in order. ``columns`` names for each
    column of the staged table where it comes from: an SDMX id, or ``_unit``, which says what the value is printed in.
    ``left_out`` says of a record whether it is one of the dataflow's other measures, which are not loaded.
    """

    publisher = "International Monetary Fund (IMF), Statistics Department"
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
    sql: ClassVar[str]

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A message or a saved table of this dataflow; None for other dataflows. Raises LayoutChanged for odd ones."""
        if sniffed.kind == "xml" and b"IMF" not in sniffed.head:
            return None
        message = sdmx.describe(sniffed)
        if message is None or not self._is_mine(message, sniffed):
            return None
        version = f" version {message.version}" if message.version else ""
        told = f"{self.title},{version} {_TOLD[message.form]}"
        return Recognised(message.form, told, message.attributes.get("UPDATE_DATE") or message.version)

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """The table, the same for every form."""
        return Dataset(self.staged, (Conform(self.fact, sql_beside(__name__, self.sql)),))

    def text(self, opened: Opened) -> str:
        """A row an observation. Series without any observation, and measures not loaded, make no row."""
        layout = opened.artifact.layout or ""
        message = sdmx.describe(sniff(opened.path, opened.artifact.filename))
        if message is None or message.form != layout:
            raise LayoutChanged(f"{self.id}, {opened.artifact.filename}: is not what it was taken for ({layout})")
        found = self._selected(sdmx.records(opened.path, layout), layout, opened.artifact.filename)
        updated = message.attributes.get("UPDATE_DATE")
        has_scale = not {"SCALE", "SCALE.ID"}.isdisjoint(message.columns)
        unscaled = self._unscaled(opened, layout) if layout in _SAVED and not has_scale else None
        return opened.table(tuple(self.columns), (self._row(r, self.unit(r, layout, unscaled), updated) for r in found))

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """An answer in CSV, of the dataflow asked for, whole, with observations, none twice."""
        where = f"{self.id}, {request.path}"
        message = _message(answer, where)
        missing = [d for d in (*self.dimensions, "TIME_PERIOD", "OBS_VALUE") if d not in message.columns]
        if missing:
            raise LayoutChanged(f"{where}: the header lacks {', '.join(missing)}: {','.join(message.columns)}")
        if message.id is None:
            raise EmptyAnswer(f"{where}: no series; an unknown code, a lower-case one or a wrong order has this answer")
        if not self._is_mine(message, answer):
            raise LayoutChanged(f"{where}: the answer is of {message.flow}")
        try:
            return ValidAnswer(self._counted(answer, where), message.version)
        except sdmx.Damaged as fault:
            raise NotData(f"{where}: {fault}") from fault

    def _counted(self, answer: Sniffed, where: str) -> int:
        """How many observations an answer has. Raises for none, a repeated one, or a record that was cut."""
        with answer.path.open("rb") as file:
            file.seek(-1, io.SEEK_END)
            ended = file.read().isspace()
        if not ended:
            raise NotData(f"{where}: the last record has no end: the answer was cut")
        seen: set[tuple[str | None, ...]] = set()
        count = 0
        for record in self._selected(sdmx.records(answer.path, "csv"), "csv", where):
            key = tuple(record[name] for name in (*self.dimensions, "TIME_PERIOD"))
            if key in seen:
                raise RepeatedKeys(f"{where}: states {' '.join(map(str, key))} twice")
            seen.add(key)
            count += 1
        if not count:
            raise EmptyAnswer(f"{where}: no observation")
        return count

    def _is_mine(self, message: Message, sniffed: Sniffed) -> bool:
        if message.form == "portal":
            return self._is_my_table(message, sniffed)
        return message.agency == AGENCY and message.id in self.structures

    def _is_my_table(self, message: Message, sniffed: Sniffed) -> bool:
        """A saved table does not name its dataflow: its dimensions do, and the codes of its indicator."""
        coded = {name.removesuffix(".ID") for name in message.columns if name.endswith(".ID")}
        if coded - {"SCALE", *_IGNORED, *_OPTIONAL} != set(self.dimensions) or len(sniffed.lines) < 2:
            return False
        first = next(csv.reader([sniffed.lines[1]]))
        at = message.columns.index("INDICATOR.ID")
        return len(first) > at and self.is_indicator(first[at])

    def _selected(self, found: Iterator[Record], layout: str, where: str) -> Iterator[Record]:
        labels = [name + flat.LABEL for name in (*self.dimensions, *_OPTIONAL, *_IGNORED)] if layout in _SAVED else []
        if layout == "series":
            found = (self._keyed(record, where) for record in found)
        required = (*self.dimensions, "OBS_VALUE")
        records = sdmx.select(found, required, ("TIME_PERIOD", *_OPTIONAL), {*_IGNORED, *labels}, where)
        for record in records:
            if record["ACTION"] == "D":
                raise LayoutChanged(f"{where}: the message deletes observations instead of stating them")
            if (record["TIME_PERIOD"] or record["OBS_VALUE"]) and not self.left_out(record):
                yield record

    @abstractmethod
    def is_indicator(self, code: str) -> bool:
        """Whether the dataflow has this indicator, loaded or not."""

    def left_out(self, record: Record) -> bool:  # noqa: ARG002
        """Whether a record is one of the dataflow's measures that are not loaded."""
        return False

    def _keyed(self, record: Record, where: str) -> Record:
        """A record of a table of series with the codes its SERIES_CODE joins."""
        found = (record["SERIES_CODE"] or "").split(".")
        if len(found) != len(self.dimensions):
            raise LayoutChanged(f"{where}: the series {record['SERIES_CODE']} is not of {', '.join(self.dimensions)}")
        scale = record.get("SCALE") or _SCALES.get(record.get("SCALE.LABEL") or "", record.get("SCALE.LABEL"))
        return {**record, **dict(zip(self.dimensions, found, strict=True)), "SCALE": scale}

    def _row(self, record: Record, unit: str | None, updated: str | None) -> Sequence[str | None]:
        stated = {**record, "UPDATE_DATE": record["UPDATE_DATE"] or updated, "_unit": unit}
        return [stated[name] for name in self.columns.values()]

    def unit(self, record: Record, layout: str, unscaled: frozenset[Series] | None) -> str | None:
        """What the value of a record is printed in.

        ``unscaled``: for a saved table without a SCALE column, the series in full dollars; None with that column.
        Raises LayoutChanged for an amount that cannot be in what SCALE says.
        """
        if layout not in _SAVED:
            return "USD"
        if unscaled is None:
            unit = UNITS.get(record["SCALE"] or "0")
        else:
            unit = "USD" if self._series(record) in unscaled else "USD million"
        if unit == "USD million" and _is_too_large(record):
            raise LayoutChanged(
                f"{self.id}: {record['OBS_VALUE']} million dollars cannot be, in {self._series(record)}"
            )
        return unit

    def _unscaled(self, opened: Opened, layout: str) -> frozenset[Series]:
        """The series of a saved table without a SCALE column that are in full dollars: a value cannot be in millions.

        Raises LayoutChanged where there are so many of them that the others need not be in millions either.
        """
        where = f"{self.id}, {opened.artifact.filename}"
        every, large = set(), set()
        for record in self._selected(sdmx.records(opened.path, layout), layout, where):
            every.add(self._series(record))
            if _is_too_large(record):
                large.add(self._series(record))
        if len(large) > max(2, _MOST_UNSCALED * len(every)):
            raise LayoutChanged(
                f"{where}: {len(large)} of {len(every)} series cannot be in millions, and there is no SCALE to tell what "
                "the others are in: save the table again with its SCALE column"
            )
        return frozenset(large)

    def _series(self, record: Record) -> Series:
        return tuple(record[name] for name in self.dimensions)

    def request(
        self, key: Sequence[Sequence[str]], selection: Selection, filename: str, first: int | None = None
    ) -> Request:
        """One request in SDMX 2.1: positions joined by a point, codes by a plus, an empty position is every code."""
        text = ".".join("+".join(position) for position in key)
        return Request(
            f"/data/{AGENCY},{self.flow}/{text}",
            f"{self.id}.{filename}.{first or selection.first}-{selection.last}.csv",
            (("startPeriod", str(first or selection.first)), ("endPeriod", str(selection.last))),
            accept=_CSV,
        )


_TOLD = {
    "csv": "as the service's CSV", "portal": "as saved from data.imf.org",
    "series": "as saved from data.imf.org, a series in a row", "ml": "as SDMX-ML", "json": "as SDMX-JSON",
    "compact": "as the former service's JSON",
}  # fmt: skip


def asked(places: Sequence[str], default: Sequence[str]) -> list[str]:
    """The IMF's codes of the places asked for, of the default if none is. Raises Unknown."""
    return [reference_files.code_of("imf", place) for place in dict.fromkeys(places or default)]


def counterparts(selection: Selection, reporter: str) -> Iterator[list[str]]:
    """The IMF's codes of a reporter's partners, in lots that fit an address; by default the reporters' and the world's.

    No lot is empty: an empty position of a key would ask for every partner there is.
    """
    wanted = [code for code in asked(selection.partners, (*economies(), "WLD")) if code != reporter]
    for start in range(0, len(wanted), _COUNTERPARTS):
        yield wanted[start : start + _COUNTERPARTS]


def _is_too_large(record: Record) -> bool:
    """Whether a value cannot be in millions of dollars."""
    return len((record["OBS_VALUE"] or "").lstrip("-").split(".")[0]) > _MOST_DIGITS


def _message(answer: Sniffed, where: str) -> Message:
    """The header of an answer in CSV. Raises what another answer with status 200 is."""
    if not answer.size or not answer.text.strip():
        raise EmptyAnswer(f"{where}: an empty body")
    start = " ".join(answer.text[:300].split())
    if answer.kind == "json":
        raise ErrorInBody(f"{where}: {start}")
    if answer.kind == "xml" and "Error" in start:
        raise ErrorInBody(f"{where}: {start}")
    if answer.kind != "text":
        raise NotData(f"{where}: {answer.kind} instead of CSV: {start}")
    message = sdmx.describe(answer)
    if message is not None and message.form == "csv":
        return message
    first = answer.text.splitlines()[0]
    if first.lstrip("\ufeff").startswith(("DATAFLOW,", "STRUCTURE")):
        raise LayoutChanged(f"{where}: the header lacks OBS_VALUE: {start}")
    raise NotData(f"{where}: text that is no SDMX-CSV: {start}")
