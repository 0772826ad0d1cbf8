"""Reading a large CSV file with types, but for the few records that need care: these are read as text and cast exactly.

The result is that of reading all of it as text (tasks.load.stage). In the copy of the file that is read with types each record that needs care
is replaced by a plain one, so that every other record keeps its place; in the table it is then replaced by what reading it as text gives, or taken out
where its number of fields is wrong. Codes that the type ``CODES`` does not have come as NULL; records without a value that they must have need care too, and
the type is extended by their codes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from schemas import base
from tasks.archive.store import Opened
from tasks.contract.dataset import CODES, Dataset, TypedReading
from tasks.load import plain_csv, stage
from tasks.load.plain_csv import MOST_UNUSUAL, Line, define_codes
from warehouse import sql
from warehouse.connection import one

#: Records that a reader set aside: what is wrong with each and its text, by its number.
SetAside = dict[int, tuple[str, str]]
#: Plain records before each one that needs care, so that a reader that looks at a file's form sees the publisher's.
_BEFORE = 2
_COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class Staged:
    """A file in the table ``staged``: how many records, those set aside, and SQL over ``t0`` for the number of a record.

    ``are_positions``: the number is the place among the records that are in the table; else it is that among all of the file.
    """

    rows: int
    set_aside: SetAside = field(default_factory=dict)
    row_number: str = stage.ROW_NUMBER
    are_positions: bool = True


@dataclass(frozen=True)
class MixedReading:
    """A file to be read so. ``records`` gives the FROM clause of text of a file of this form, ``typed`` that with types."""

    con: duckdb.DuckDBPyConnection
    opened: Opened
    dataset: Dataset
    where: str
    records: Callable[[Opened], str]
    typed: Callable[[Opened], TypedReading | None]

    def stage(self, unusual: list[Line]) -> Staged | None:
        """Fill ``staged``, where ``unusual`` are the records that are not plain; None for a file that is to be read as text as a whole."""
        filler = self._plain_record(unusual)
        typed = self.typed(replace(self.opened, path=self._copy(unusual, filler))) if filler else None
        if filler is None or typed is None:
            return None
        set_aside = self._read_carefully(unusual, filler)
        define_codes(self.con, self.opened.path, typed, self._careful_codes(typed))
        rows = stage.stage_typed(self.con, typed, self.dataset.staged)
        if rows is None:
            return None
        (base_id,) = one(self.con.execute("SELECT coalesce(min(rowid), 0) FROM staged"))
        lacking = self._without_value(base_id, {line.number for line in unusual})
        if len(lacking) > MOST_UNUSUAL:
            return None
        if lacking:
            unusual = sorted([*unusual, *plain_csv.lines_at(self.opened.path, lacking)], key=lambda line: line.number)
            set_aside = self._read_carefully(unusual, filler)
            self._extend_codes(typed)
        if unusual:
            self._put_in_place(base_id, set_aside)
        return Staged(rows - len(set_aside), set_aside, f"t0.rowid - {base_id} + 1", are_positions=False)

    def raw_rows(self, numbers: Sequence[int]) -> dict[int, str]:
        """The records with these numbers, each as a JSON object of its columns as printed."""
        lines = plain_csv.lines_at(self.opened.path, numbers)
        if not lines:
            return {}
        relation = self.records(replace(self.opened, path=self._written(lines, b"")))
        raw = stage.raw_rows(self.con, relation, range(1, len(lines) + 1))
        return {lines[position - 1].number: text for position, text in raw.items()}

    # -- records that need care -----------------------------------------------------------------------------------

    def _plain_record(self, unusual: list[Line]) -> bytes | None:
        """The first record that is plain."""
        numbers = {line.number for line in unusual}
        number = next(n for n in range(1, len(unusual) + 2) if n not in numbers)
        return next((line.text for line in plain_csv.lines_at(self.opened.path, [number])), None)

    def _read_carefully(self, lines: list[Line], filler: bytes) -> SetAside:
        """Fill the table ``careful`` (number, the columns of ``staged``) with the records that can be read; those set aside, by number."""
        relation = self.records(replace(self.opened, path=self._written(lines, filler)))
        stage.forget_rejected(self.con)
        stage.stage(self.con, relation, self.dataset.staged, self.dataset.ignored, self.where, "staged_as_text")
        of_file = stage.rejected(self.con) if lines else {}
        stage.forget_rejected(self.con)
        set_aside = {lines[number // (_BEFORE + 1) - 1].number: fault for number, fault in of_file.items()}
        kept = [line.number for line in lines if line.number not in set_aside]
        # Of the records that were read each group of plain ones is followed by one that needs care, but where that was set aside.
        positions = [
            stage.position_of((_BEFORE + 1) * (n + 1), of_file)
            for n, line in enumerate(lines)
            if line.number not in set_aside
        ]
        self.con.execute(sql.read("stage/careful.sql"), {"numbers": kept, "positions": positions})
        return set_aside

    def _careful_codes(self, typed: TypedReading) -> list[str]:
        column = self._code_column(typed)
        return [
            c
            for (c,) in self.con.execute(
                f'SELECT DISTINCT "{column}" FROM careful WHERE "{column}" IS NOT NULL'
            ).fetchall()
        ]

    def _code_column(self, typed: TypedReading) -> str:
        return base.columns(self.dataset.staged)[typed.code].name

    def _without_value(self, base_id: int, unusual: set[int]) -> list[int]:
        """The numbers of the records without a value that they must have: a code that the type does not have, or a mark for what is not known."""
        lacking = " OR ".join(f'"{c.name}" IS NULL' for c in base.columns(self.dataset.staged) if not c.nullable)
        query = f"SELECT rowid - {base_id} + 1 FROM staged WHERE {lacking} LIMIT {2 * MOST_UNUSUAL + 1}"
        return [number for (number,) in self.con.execute(query).fetchall() if number not in unusual]

    def _extend_codes(self, typed: TypedReading) -> None:
        """Let the column of codes have those of ``careful`` too."""
        known = {code for (code,) in self.con.execute(f"SELECT unnest(enum_range(NULL::{CODES}))").fetchall()}
        listed = ", ".join(map(sql.quoted, sorted(known | set(self._careful_codes(typed)))))
        column = self._code_column(typed)
        self.con.execute(f'ALTER TABLE staged ALTER COLUMN "{column}" SET DATA TYPE ENUM ({listed})')

    def _put_in_place(self, base_id: int, set_aside: SetAside) -> None:
        self.con.execute("ALTER TABLE staged ADD COLUMN unread VARCHAR")
        names = [column.name for column in base.columns(self.dataset.staged)]
        self.con.execute(sql.render("stage/in_place.sql", columns=names, base_id=base_id))
        self.con.execute("DELETE FROM staged WHERE list_contains(?, rowid)", [[base_id + n - 1 for n in set_aside]])

    # -- files ----------------------------------------------------------------------------------------------------

    def _written(self, lines: Sequence[Line], filler: bytes) -> Path:
        """A file of some records under the header, each after plain ones if there is a filler."""
        path = self.opened.scratch / f"careful {self.opened.path.name}"
        with self.opened.path.open("rb") as source, path.open("wb") as target:
            target.write(source.readline())
            for line in lines:
                target.write((filler + b"\n") * (_BEFORE if filler else 0) + line.text + b"\n")
        return path

    def _copy(self, lines: Sequence[Line], filler: bytes) -> Path:
        """The file with a plain record in place of each of some; the file itself where there are none."""
        if not lines:
            return self.opened.path
        path = self.opened.scratch / f"plain {self.opened.path.name}"
        with self.opened.path.open("rb") as source, path.open("wb") as target:
            for line in lines:
                left = line.start - source.tell()
                while left:
                    left -= target.write(source.read(min(left, _COPY_BYTES)))
                target.write(filler)
                source.seek(len(line.text), 1)
            while chunk := source.read(_COPY_BYTES):
                target.write(chunk)
        return path


def staged_as_text(con: duckdb.DuckDBPyConnection, relation: str, dataset: Dataset, where: str) -> Staged:
    """Read a file as text as a whole."""
    rows = stage.stage(con, relation, dataset.staged, dataset.ignored, where)
    return Staged(rows, stage.rejected(con))
