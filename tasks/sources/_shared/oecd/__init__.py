"""CSV of the OECD (``csvfile`` and ``csvfilewithlabels``), as its SDMX service and its Data Explorer give it.

A column of codes is written in capitals (``REF_AREA``); with labels, each is followed by one of words (``Reference
area``), which is passed over. SDMX-CSV 1 begins with ``DATAFLOW``, 2 with ``STRUCTURE,STRUCTURE_ID``. Saved again by a
spreadsheet, such a file has semicolons for commas and points in its numbers where none were: it is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.formats import csv_text
from warehouse.errors import LayoutChanged

LICENCE = "CC BY 4.0 (OECD terms and conditions); name the OECD"

#: Columns of the format, which are in files of every structure.
_FORMAT = ("STRUCTURE", "STRUCTURE_NAME", "ACTION", "STRUCTURE_ID", "DATAFLOW")


@dataclass(frozen=True)
class Structure:
    """A data structure of the OECD, such as DSD_FDI: its columns of codes by the OECD's names, with ours.

    ``dimensions`` are in the order of the key; ``optional`` names columns that a file may lack.
    """

    name: str
    dimensions: Mapping[str, str]
    attributes: Mapping[str, str]
    optional: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        """All columns, by the OECD's names, with ours."""
        return {**self.dimensions, **self.attributes}

    @property
    def key(self) -> tuple[str, ...]:
        """The columns, by the OECD's names, that tell one figure from another."""
        return (*self.dimensions, "TIME_PERIOD")


def is_of(sniffed: Sniffed, structure: Structure) -> bool:
    """Whether a file is CSV of a data structure. Raises LayoutChanged for one that a spreadsheet has saved again."""
    if sniffed.kind != "text" or not sniffed.lines:
        return False
    first, second = sniffed.lines[0].lstrip("\ufeff").strip('"'), " ".join(sniffed.lines[1:2])
    if f"{structure.name}@" not in second or not first.startswith(("DATAFLOW", "STRUCTURE")):
        return False
    if ";" in first or "\t" in first:
        raise LayoutChanged(
            f"an export of the OECD Data Explorer that was opened and saved in a spreadsheet: {sniffed.filename}. Fields are "
            "separated by semicolons or tabs, and the numbers are broken beyond repair (19.400704272141 becomes "
            "19.400.704.272.141). Download it again and do not save it from a spreadsheet"
        )
    return True


def check_header(header: Sequence[str], structure: Structure, where: str) -> None:
    """Raise LayoutChanged unless a header has every column of codes that is known, once, and none that is not."""
    codes = [name for name in header if name.isupper() or "_" in name]
    required = [name for name in structure.columns if name not in structure.optional]
    csv_text.check_columns(codes, [_dataflow_column(codes), *required], structure.optional, _FORMAT, where=where)


def relation(path: Path, structure: Structure, where: str) -> str:
    """A FROM clause of the records of a CSV file: the dataflow, the action, and the columns of the structure.

    Labels are passed over. Raises LayoutChanged for another header.
    """
    header = csv_text.cells(csv_text.first_line(path))
    check_header(header, structure, where)
    names = {_dataflow_column(header): "oecd_dataflow", "ACTION": "oecd_action", **structure.columns}
    positions = {ours: header.index(name) if name in header else None for name, ours in names.items()}
    return csv_text.select(path, len(header), positions, trims=False)


def _dataflow_column(header: Sequence[str]) -> str:
    """The column that names the dataflow, in SDMX-CSV 2 or 1."""
    return "STRUCTURE_ID" if "STRUCTURE_ID" in header else "DATAFLOW"
