"""The tables of ``meta``: what was received, loaded, refused, checked and published."""

from schemas import types, vocabulary
from schemas.base import Table, field

SHA256 = r"^[0-9a-f]{64}$"


class Setting(Table):
    """Facts about this warehouse file, such as its file version (setting ``layout``)."""

    setting: types.Text = field()
    setting_value: types.Text = field()

    class Config:
        name = "meta.settings"
        unique = ["setting"]


class Artifact(Table):
    """Archived bytes this warehouse was loaded from."""

    artifact: types.Text = field(str_matches=SHA256)
    source: types.Text = field()
    filename: types.Text = field()
    media_type: types.Text = field()
    size_bytes: types.BigInteger = field(ge=0)
    received_at: types.Timestamp = field()
    origin_kind: types.Text = field(isin=vocabulary.ORIGIN_KINDS)
    request: types.Text = field()
    publisher_stamp: types.Text = field(nullable=True)

    class Config:
        name = "meta.artifacts"
        unique = ["artifact", "source"]


class Edition(Table):
    """One release of one partition of a dataset, as one artifact states it.

    Editions of a partition follow one another by publication (by receipt where no date is on record);
    core tables keep a version where an edition's value differs from the one before.
    """

    edition: types.Integer = field(ge=1)
    source: types.Text = field()
    dataset: types.Text = field()
    table_name: types.Text = field()
    partition: types.Text = field()
    published_on: types.Date = field(nullable=True)
    published_precision: types.Text = field(isin=vocabulary.PRECISIONS)
    known_from: types.Timestamp = field()
    artifact: types.Text = field(str_matches=SHA256)
    filename: types.Text = field()
    is_complete: types.Boolean = field()
    rows_stated: types.BigInteger = field(ge=0)
    content_hash: types.Text = field()
    citation: types.Integer = field(nullable=True)
    retracted_at: types.Timestamp = field(nullable=True)

    class Config:
        name = "meta.editions"
        unique = ["edition"]


class Citation(Table):
    """Publisher, title and address of figures, and what a reader must know about them."""

    citation: types.Integer = field(ge=1)
    publisher: types.Text = field()
    title: types.Text = field()
    address: types.Text = field()
    seen_via: types.Text = field(nullable=True)
    note: types.Text = field(nullable=True)

    class Config:
        name = "meta.citations"
        unique = ["citation"]


class Load(Table):
    """Every load of an artifact, with the number of rows read, accepted, quarantined and set aside."""

    load: types.Integer = field(ge=1)
    artifact: types.Text = field(str_matches=SHA256)
    source: types.Text = field()
    filename: types.Text = field()
    table_name: types.Text = field()
    loaded_at: types.Timestamp = field()
    identity: types.Text = field()
    rows_in: types.BigInteger = field(ge=0)
    rows_accepted: types.BigInteger = field(ge=0)
    rows_quarantined: types.BigInteger = field(ge=0)
    rows_set_aside: types.BigInteger = field(ge=0)
    rows_new: types.BigInteger = field(ge=0)
    rows_revised: types.BigInteger = field(ge=0)
    rows_gone: types.BigInteger = field(ge=0)
    rows_unchanged: types.BigInteger = field(ge=0)

    class Config:
        name = "meta.loads"
        unique = ["load"]


class Quarantine(Table):
    """Rows that broke a rule, with the rules and the row as printed."""

    artifact: types.Text = field(str_matches=SHA256)
    source: types.Text = field()
    filename: types.Text = field()
    table_name: types.Text = field()
    row_number: types.BigInteger = field(ge=1)
    stage: types.Text = field(isin=["staged", "conformed"])
    rules: types.Text = field()
    raw: types.Text = field()
    quarantined_at: types.Timestamp = field()

    class Config:
        name = "meta.quarantine"
        unique = ["artifact", "source", "table_name", "row_number"]


class SetAside(Table):
    """Rows of files that are loaded and that are not loaded themselves, with the reason and their number."""

    artifact: types.Text = field(str_matches=SHA256)
    source: types.Text = field()
    filename: types.Text = field()
    reason: types.Text = field(str_length={"min_value": 1})
    rows_set_aside: types.BigInteger = field(ge=1)

    class Config:
        name = "meta.set_aside"
        unique = ["artifact", "source", "filename", "reason"]


class Check(Table):
    """Results of the checks of the whole warehouse in the last build.

    By ``severity``: ``stop`` keeps a release back; ``error`` ends the build as one with faults; ``warning`` is told.
    """

    check_name: types.Text = field()
    severity: types.Text = field(isin=vocabulary.SEVERITIES)
    description: types.Text = field()
    checked_at: types.Timestamp = field()
    passed: types.Boolean = field()
    violations: types.BigInteger = field(ge=0)
    example: types.Text = field(nullable=True)

    class Config:
        name = "meta.checks"
        unique = ["check_name"]


class Release(Table):
    """Published releases, and the hash of what each depends on."""

    release: types.Text = field()
    built_at: types.Timestamp = field()
    fingerprint: types.Text = field()

    class Config:
        name = "meta.releases"
        unique = ["release"]


class ColumnDescription(Table):
    """Every column of every table, with type, unit and meaning: the data dictionary."""

    table_name: types.Text = field()
    column_name: types.Text = field()
    data_type: types.Text = field()
    unit: types.Text = field(nullable=True)
    description: types.Text = field()
    is_key: types.Boolean = field()

    class Config:
        name = "meta.columns"
        unique = ["table_name", "column_name"]


class Lineage(Table):
    """Which figures or facts each value column of a mart is made of, by the method that its provenance names.

    The figures of one row: ``FROM figures_of_trade('CHN', 'JPN', 2019)``; every fact has such a macro, and its parameters are the
    columns that identify a row.
    """

    mart: types.Text = field()
    column_name: types.Text = field()
    made_of: types.Text = field()
    method: types.Text = field()
    condition: types.Text = field()

    class Config:
        name = "meta.lineage"


VIEWS: tuple[type[Table], ...] = (Lineage,)
TABLES: tuple[type[Table], ...] = (
    Setting, Artifact, Edition, Citation, Load, Quarantine, SetAside, Check, Release, ColumnDescription,
)  # fmt: skip
