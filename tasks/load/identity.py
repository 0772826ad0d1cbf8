"""What every load rests on, beside the bytes and name of its artifact and the code of its source.

The schemas, the steps and SQL every load goes through, and the reference tables. Comments, docstrings and layout of code
do not count (tasks.identity.fingerprint).
"""

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
from tasks.contract import facts
from tasks.identity import fingerprint
from tasks.load import bulk_versions, conform, corrections, plain_csv, reference, stage, validate, versions
from warehouse import sql

_STEPS = (
    corrections, facts, conform, bulk_versions, plain_csv, stage, validate, versions, schemas.base, schemas.checks, schemas.core, schemas.observations, schemas.rules,
    schemas.types, schemas.vocabulary,
)  # fmt: skip


def of_loading() -> str:
    """What every load has in common."""
    texts = [fingerprint.of_sql(sql.read(name)) for folder in ("stage", "load") for name in sql.names(folder)]
    macros = fingerprint.of_sql(sql.read("core/00_macros.sql"))
    return fingerprint.of(fingerprint.of_modules(_STEPS), *texts, macros, reference.files_hash())
