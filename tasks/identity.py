"""What results rest on: the hash of everything, beside the bytes themselves, that makes a load or a release what it is.

A load rests on the artifact's bytes and name, the code of its source, its schemas, the steps and SQL every
load goes through, and the reference tables. A release rests on the editions, the quarantine and the
reference tables in the warehouse, and on the views and descriptions it is published with. Comments,
docstrings and layout of code do not count (tasks.fingerprint).
"""

import duckdb

import schemas.base
import schemas.checks
import schemas.columns
import schemas.core
import schemas.mart
import schemas.meta
import schemas.observations
import schemas.reference
import schemas.rules
import schemas.types
import schemas.vocabulary
from tasks import corrections, facts, fingerprint, land, parts, plain, reference, stage, validate, versions
from warehouse import ddl, layout, sql
from warehouse.connection import first

_STEPS = (
    corrections, facts, land, parts, plain, stage, validate, versions, schemas.base, schemas.checks, schemas.core, schemas.observations, schemas.rules,
    schemas.types, schemas.vocabulary,
)  # fmt: skip


def of_loading() -> str:
    """What every load has in common."""
    texts = [fingerprint.of_sql(sql.read(name)) for folder in ("stage", "load") for name in sql.names(folder)]
    macros = fingerprint.of_sql(sql.read("core/00_macros.sql"))
    return fingerprint.of(fingerprint.of_modules(_STEPS), *texts, macros, reference.files_hash())


def of_release(con: duckdb.DuckDBPyConnection) -> str:
    """What a release made from the warehouse as it is would be made from."""
    state = first(
        con.execute(
            "SELECT string_agg(md5(e::VARCHAR), '' ORDER BY e.edition) FROM (SELECT * EXCLUDE (artifact) FROM meta.editions) AS e"
        )
    )
    held = first(
        con.execute(
            "SELECT string_agg(md5(q::VARCHAR), '' ORDER BY q.artifact, q.table_name, q.row_number) "
            "FROM (SELECT * EXCLUDE (quarantined_at) FROM meta.quarantine) AS q"
        )
    )
    views = [fingerprint.of_sql(sql.render(name)) for folder in ("core", "mart") for name in sql.names(folder)]
    dictionary = [repr(row) for table in (*ddl.STORED, *ddl.VIEWS) for row in ddl.dictionary(table)]
    return fingerprint.of(str(state), str(held), reference.content_hash(), *views, *dictionary, str(layout.LAYOUT))
