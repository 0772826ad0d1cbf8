"""Records of the IMF's messages and saved tables: the columns they have, and what their values are printed in.

Formats: https://data.imf.org/en/Resource-Pages/IMF-API. In answers of the service OBS_VALUE is in full units whatever SCALE
says: SCALE is how data.imf.org displays them. In tables saved from there the same value is in the unit that SCALE names:
there millions are millions. A few series have no SCALE, and are saved in full dollars in the middle of a table of millions
(China's reported positions of Korea, Kosovo and Kuwait in DIP 12.0.1).
"""

from collections.abc import Iterable, Iterator, Sequence

from tasks.formats import sdmx
from tasks.formats.sdmx import Record, flat
from warehouse.errors import LayoutChanged

#: What values printed with a SCALE or UNIT_MULT are in, as ref.unit has it.
UNITS = {"0": "USD", "3": "USD thousand", "6": "USD million", "9": "USD billion"}
#: Forms in which data.imf.org saves tables, and prints values in the unit of SCALE.
SAVED = ("portal", "series")
#: SCALE where a saved table has its label only.
_SCALES = {"Units": "0", "Thousands": "3", "Millions": "6", "Billions": "9"}
#: Digits before the point of the largest amount in millions of dollars: one more would be 100 trillion and more.
_MOST_DIGITS = 8
#: In a saved table without a SCALE column at most this share of the series may be too large for millions; with more of them
#: nothing states what the others are in.
_MOST_UNSCALED = 0.02

#: Attributes that figures do not need: how a value is displayed, parts of its code, and texts about the data set.
IGNORED = frozenset({
    "DATAFLOW", "DATASET", "SERIES_CODE", "OBS_MEASURE", "STRUCTURE", "STRUCTURE[;]", "STRUCTURE_ID", "STRUCTURE_NAME", "PRECISION",
    "DECIMALS_DISPLAYED", "OVERLAP", "IFS_FLAG", "GROUP_FLAG", "COMMENTS", "TRADE_FLOW", "VALUATION",
    "DI_DIRECTION", "FUNCTIONAL_CAT", "INSTR_ASSET", "DI_ENTITY", "ACCOUNTING_ENTRY", "EXRATE",
    "STATISTICAL_MEASURES", "TRANSFORMATION", "TIME_FORMAT", "SERIES_NAME", "KEY_INDICATOR", "TOPIC",
    "KEYWORDS", "METHODOLOGY", "METHODOLOGY_NOTES", "HISTORICAL_DATA_SOURCE", "LANGUAGE", "PUBLISHER",
    "PUBLICATION_DATE", "CONTACT_POINT", "DEPARTMENT", "TOPIC_DATASET", "SHORT_SOURCE_CITATION",
    "FULL_SOURCE_CITATION", "SUGGESTED_CITATION", "KEYWORDS_DATASET", "FULL_DESCRIPTION", "LICENSE", "DOI",
    "ACCESS_SHARING_LEVEL", "SECURITY_CLASSIFICATION", "SOURCE",
})  # fmt: skip
OPTIONAL = ("SCALE", "UNIT_MULT", "STATUS", "DERIVATION_TYPE", "UPDATE_DATE", "UNIT", "ACTION")

#: The codes of a series.
Series = tuple[str | None, ...]


def select(records: Iterator[Record], dimensions: Sequence[str], layout: str, where: str) -> Iterator[Record]:
    """The records cut to dimensions, OBS_VALUE, TIME_PERIOD and OPTIONAL.

    Raises LayoutChanged for other columns, and for a message that deletes observations.
    """
    labels = [name + flat.LABEL for name in (*dimensions, *OPTIONAL, *IGNORED)] if layout in SAVED else []
    if layout == "series":
        records = (_with_dimensions(record, dimensions, where) for record in records)
    required = (*dimensions, "OBS_VALUE")
    for record in sdmx.select(records, required, ("TIME_PERIOD", *OPTIONAL), {*IGNORED, *labels}, where):
        if record["ACTION"] == "D":
            raise LayoutChanged(
                f"the message deletes observations instead of stating them: {where}. Ask for the figures themselves"
            )
        yield record


def _with_dimensions(record: Record, dimensions: Sequence[str], where: str) -> Record:
    """A record of a table of series with the codes its SERIES_CODE joins."""
    codes = (record["SERIES_CODE"] or "").split(".")
    if len(codes) != len(dimensions):
        raise LayoutChanged(
            f"the series {record['SERIES_CODE']} is not of {', '.join(dimensions)}: {where}. Save the table again"
        )
    scale = record.get("SCALE") or _SCALES.get(record.get("SCALE.LABEL") or "", record.get("SCALE.LABEL"))
    return {**record, **dict(zip(dimensions, codes, strict=True)), "SCALE": scale}


def unit_of_saved(record: Record, series: Series, unscaled: frozenset[Series] | None, where: str) -> str | None:
    """What the value of a saved table's record is printed in; None for a SCALE that is not known.

    ``unscaled``: for a table without a SCALE column, the series in full dollars; None with that column. Raises
    LayoutChanged for an amount that is too large for what SCALE says.
    """
    by_column = UNITS.get(record["SCALE"] or "0")
    by_size = "USD" if series in (unscaled or ()) else "USD million"
    unit = by_column if unscaled is None else by_size
    if unit == "USD million" and is_too_large(record):
        raise LayoutChanged(
            f"{record['OBS_VALUE']} million dollars cannot be, in {series}: {where}. Save the table again with its SCALE column"
        )
    return unit


def unscaled_series(series: Iterable[tuple[Series, Record]], where: str) -> frozenset[Series]:
    """The series of a saved table without a SCALE column that are in full dollars: a value is too large for millions.

    Raises LayoutChanged where there are so many of them that the others need not be in millions either.
    """
    every, large = set(), set()
    for codes, record in series:
        every.add(codes)
        if is_too_large(record):
            large.add(codes)
    if len(large) > max(2, _MOST_UNSCALED * len(every)):
        raise LayoutChanged(
            f"{len(large)} of {len(every)} series cannot be in millions, and there is no SCALE to tell what the others are "
            f"in: {where}. Save the table again with its SCALE column"
        )
    return frozenset(large)


def is_too_large(record: Record) -> bool:
    """Whether a value cannot be in millions of dollars."""
    return len((record["OBS_VALUE"] or "").lstrip("-").split(".")[0]) > _MOST_DIGITS
