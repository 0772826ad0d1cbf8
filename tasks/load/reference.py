"""The reference tables: read from warehouse/reference, checked like every other table, kept in ``ref``.

What a user adds to them lies in the folder ``vocabulary`` of the home folder, in files of the same names and columns. Its rows come
after those of the project, under the same rules. Corrections are a file each, of the project and of users (warehouse.correction_files).
"""

from pathlib import Path

import duckdb

from schemas import base, meta, reference
from schemas.base import Table
from tasks import sources
from tasks.formats import csv_text
from tasks.identity import fingerprint
from tasks.load import correlations, stage, validate
from tasks.load.vocabulary import FILES
from warehouse import correction_files, sql
from warehouse.connection import first, transaction
from warehouse.errors import BadData
from warehouse.reference_files import FOLDER
from warehouse.rows import insert, insert_all

#: Where the files of corrections are below a folder: those of the project, and those that a user may add.
_CORRECTIONS = FILES[reference.Correction][0]
_ADDED_CORRECTIONS = (_CORRECTIONS, "corrections/*.yaml")


def content_hash(folder: Path = FOLDER, vocabulary: Path | None = None) -> str:
    """Hash of the reference files, of what a user added to them, and of the descriptions of the sources."""
    added = vocabulary_hash(vocabulary)
    return fingerprint.of(files_hash(folder), *([added] if added else []), *(repr(row) for row in _source_rows()))


def vocabulary_hash(vocabulary: Path | None) -> str | None:
    """Hash of what a user added to the reference tables; None where there is nothing."""
    paths = _added(vocabulary)
    return fingerprint.of(*(f"{path.name} {fingerprint.of_file(path)}" for path in paths)) if paths else None


def _added(vocabulary: Path | None) -> list[Path]:
    """What a user has put into the vocabulary, whether or not it can be used: all files but hidden ones, notes (README) and locks of an office program (~$)."""
    if vocabulary is None:
        return []
    files = [path for path in vocabulary.rglob("*") if path.is_file()]
    return sorted(path for path in files if not path.name.startswith((".", "README", "~$")))


def _added_corrections(vocabulary: Path | None) -> list[Path]:
    return sorted(path for name in _ADDED_CORRECTIONS for path in vocabulary.glob(name)) if vocabulary else []


def files_hash(folder: Path = FOLDER) -> str:
    """Hash of the reference files, which figures depend on."""
    paths = [path for name, _, _ in FILES.values() for path in sorted(folder.glob(name))]
    return fingerprint.of(*(fingerprint.of_file(path) for path in paths))


def load(con: duckdb.DuckDBPyConnection, folder: Path = FOLDER, vocabulary: Path | None = None) -> bool:
    """Bring the reference tables up to date; say whether they changed. ``vocabulary`` is the folder with what a user added.

    Raises BadData for a row that breaks its schema, and for a file of the vocabulary that no table has.
    """
    present = content_hash(folder, vocabulary)
    loaded = first(con.execute("SELECT setting_value FROM meta.settings WHERE setting = 'reference'"))
    if loaded == (present,):
        return False
    _check_vocabulary(vocabulary)
    with transaction(con):
        proof = validate.Proof(con)
        for table in reference.BUNDLED:
            _load_table(con, table, folder, vocabulary, proof)
        proof.run()
        correlations.take_over_bundled(con)
        con.execute(sql.render("load/product_names.sql"))
        con.execute("DELETE FROM ref.source")
        insert_all(con, reference.SourceRow, _source_rows())
        con.execute("DELETE FROM meta.settings WHERE setting = 'reference'")
        insert(con, meta.Setting, {"setting": "reference", "setting_value": present})
    return True


def _check_vocabulary(vocabulary: Path | None) -> None:
    """Raise BadData for a file that no table has, and LayoutChanged for one with other columns than its table."""
    known = {name for name, _, _ in FILES.values() if "/" not in name}
    corrections = _added_corrections(vocabulary)
    for path in _added(vocabulary):
        if path in corrections:
            continue
        if path.parent != vocabulary or path.name not in known:
            raise BadData(
                f"{path} is not of a reference table. Files of the vocabulary are {', '.join(sorted(known))}, and {_CORRECTIONS}"
            )
        table, key = next((t, k) for t, (name, k, _) in FILES.items() if name == path.name)
        columns = [c.name for c in base.columns(table) if c.name != key]
        csv_text.check_columns(
            csv_text.cells(csv_text.first_line(path)),
            columns,
            where=str(path),
            remedy="Write these columns in its first line",
        )


def _load_table(
    con: duckdb.DuckDBPyConnection, table: type[Table], folder: Path, vocabulary: Path | None, proof: validate.Proof
) -> None:
    filename, key, known_by = FILES[table]
    stage.stage(con, _relation(table, folder, vocabulary), table, (), f"reference table {filename}")
    split = validate.split(con, "staged", table, stage.ROW_NUMBER, "accepted")
    if split.refused:
        row, rules = split.refused[-1] if vocabulary else split.refused[0]
        added = (
            f", with the rows of {vocabulary / filename} after its own"
            if vocabulary and (vocabulary / filename).is_file()
            else ""
        )
        raise BadData(
            f"{len(split.refused)} rows are bad: reference table {filename}{added}. "
            f"{'The last' if vocabulary else 'The first'}, row {row}, breaks: {rules}"
        )
    proof.add("accepted", table)
    name, columns = base.table_name(table), ", ".join(f'"{c.name}"' for c in base.columns(table))
    con.execute(f"CREATE OR REPLACE TEMP TABLE reference_rows AS SELECT {columns} FROM accepted")
    # A row that has an integer key stays when it is no longer in the file: stored figures may use the key.
    replaced = f"WHERE ({', '.join(known_by)}) IN (SELECT ({', '.join(known_by)}) FROM reference_rows)" if key else ""
    con.execute(f"DELETE FROM {name} {replaced}")
    con.execute(f"INSERT INTO {name} SELECT * FROM reference_rows")


def _relation(table: type[Table], folder: Path, vocabulary: Path | None) -> str:
    """A FROM clause with the columns of a table as text: those of its file, and an integer key where rows get one."""
    filename, key, known_by = FILES[table]
    if table is reference.Correction:
        return _corrections(folder, vocabulary)
    relation = csv_text.relation(folder / filename, with_filename=True)
    if table is reference.Correlation:
        return f"({sql.render('stage/correlations.sql', relation=relation)})"
    relation = f"(SELECT * EXCLUDE (filename) FROM {relation})"
    if vocabulary and (vocabulary / filename).is_file():
        relation = f"(FROM {relation} UNION ALL BY NAME FROM {csv_text.relation(vocabulary / filename)})"
    if not key:
        return relation
    join = " AND ".join(f"o.{k} = r.{k}" for k in known_by)
    order = ", ".join(f"r.{k}" for k in known_by)
    name = base.table_name(table)
    return f"({sql.render('stage/numbered.sql', key=key, table=name, relation=relation, join=join, order=order)})"


def _corrections(folder: Path, vocabulary: Path | None) -> str:
    """A FROM clause of the corrections of the project and of a user. Raises BadData."""
    paths = [*sorted(folder.glob(_CORRECTIONS)), *_added_corrections(vocabulary)]
    names = [column.name for column in base.columns(reference.Correction)]
    rows = [[sql.quoted(row[name]) for name in names] for row in correction_files.rows(paths, sources.all_sources())]
    values = ", ".join(f"({', '.join(row)})" for row in rows) or f"({', '.join('NULL' for _ in names)})"
    return f"(SELECT * FROM (VALUES {values}) AS t ({', '.join(names)}) WHERE correction IS NOT NULL)"


def _source_rows() -> list[dict[str, str | None]]:
    names = ("title", "publisher", "licence", "redistribution", "documentation", "covers", "units")
    return [
        {"source": s.id, **{n: getattr(s, n) or None for n in names}, "traps": "\n".join(s.traps) or None}
        for s in sources.all_sources().values()
    ]
