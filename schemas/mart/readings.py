"""Readings that answer a question from facts and figures: both sides of trade, revisions, coverage, questions, claims."""

from schemas import observations as obs
from schemas import types
from schemas.base import Table, field, with_columns
from schemas.mart.parts import YEAR, Provenance, shown, text


class MartRevisions(Provenance):
    """Every figure that a later release changed, with the previous figure."""

    fact: types.Text = field()
    source: types.Text = field()
    cell: types.Text = field()
    period: types.Text = field(nullable=True)
    unit: types.Text = field()
    previous_value: types.Quantity = field(nullable=True)
    value: types.Quantity = field(nullable=True)
    previous_published_on: types.Date = field(nullable=True)
    change: types.Text = field(isin=["new", "revised", "gone"])
    difference: types.Quantity = field(nullable=True)
    relative_difference: types.Double = field(nullable=True)
    direction_of_change: types.Text = field(nullable=True, isin=["up", "down"])
    days_between: types.BigInteger = field(nullable=True)

    class Config:
        name = "mart.revisions"


class MartRevisionsBySource(Table):
    """How often and how much each dataset revises its figures, from revisions: sizes without sign, share upwards, days between.

    Revisions of figures that were 0 have no relative difference. A median of few revisions says little: look at ``revisions`` first.
    """

    source: types.Text = field()
    dataset: types.Text = field()
    fact: types.Text = field()
    revisions: types.BigInteger = field(ge=0)
    newly_stated: types.BigInteger = field(ge=0)
    withdrawn: types.BigInteger = field(ge=0)
    median_relative_difference: types.Double = field(nullable=True)
    largest_relative_difference: types.Double = field(nullable=True)
    share_up: types.Double = field(nullable=True)
    median_days_between: types.Double = field(nullable=True)

    class Config:
        name = "mart.revisions_by_source"
        unique = ["source", "dataset", "fact"]


@with_columns(
    text("exporter", "exporter_name", "importer", "importer_name")
    | YEAR
    | {
        name: (types.TradeValue, field(nullable=True))
        for name in ("value_usd", "opposite_value_usd", "total_usd", "balance_usd")
    }
    | text("valuation", nullable=True)
    | {name: (types.Provenance, field(nullable=True)) for name in ("value_from", "opposite_from")}
)
class MartBothImport(Table):
    """Trade between two economies by each side's import statistics (JETRO's both-import basis), one row a direction.

    ``total_usd``, both directions together, is on one row of the pair only, so that it can be added.
    """

    class Config:
        name = "mart.both_import"
        unique = ["exporter", "importer", "year"]


@with_columns(
    text("exporter", "exporter_name", "importer", "importer_name", "classification", "product", "product_level")
    | YEAR
    | {
        "export_usd": (types.TradeValue, field(nullable=True)),
        "import_usd": (types.TradeValue, field(nullable=True)),
        "mirror_status": (types.Text, field(isin=["both", "exporter_only", "importer_only"])),
        "missing_side": (types.Text, field(nullable=True, isin=["published nothing", "not loaded"])),
        "gap_usd": (types.TradeValue, field(nullable=True)),
        "import_to_export": (types.Money, field(nullable=True)),
        "relative_gap": (types.Money, field(nullable=True)),
        "export_from": (types.Provenance, field(nullable=True)),
        "import_from": (types.Provenance, field(nullable=True)),
    }
)
class MartMirrorTrade(Table):
    """What exporter and importer each publish of the same trade, the preferred figure of each side, side by side; never averaged.

    All goods, chapters and subheadings are here: choose one ``product_level`` before adding (``total`` for all goods).

    Imports are mostly CIF and exports FOB (``export_from.valuation``), so that a gap of some six per cent is freight and insurance;
    gaps also come from goods through third places (Hong Kong), time of recording and attribution. Reconciled data are not here.
    """

    class Config:
        name = "mart.mirror_trade"
        unique = ["exporter", "importer", "classification", "product", "year"]


@with_columns(
    text("investor", "investor_name", "host", "host_name")
    | YEAR
    | {
        "outward_usd": (types.Dollars, field(nullable=True)),
        "inward_usd": (types.Dollars, field(nullable=True)),
        "outward_is_derived": (types.Boolean, field()),
        "inward_is_derived": (types.Boolean, field()),
        "mirror_status": (types.Text, field(isin=["both", "investor_only", "host_only"])),
        "gap_usd": (types.Dollars, field(nullable=True)),
        "relative_gap": (types.Money, field(nullable=True)),
        "outward_from": (types.Provenance, field(nullable=True)),
        "inward_from": (types.Provenance, field(nullable=True)),
    }
)
class MartMirrorFdi(Table):
    """What the investor's and the host's statistics each publish of the same direct investment position; never averaged."""

    class Config:
        name = "mart.mirror_fdi"
        unique = ["investor", "host", "year"]


class MartConcentration(Table):
    """Concentration of trade, investment and companies over partners, origins and provinces.

    A measure is there only where a total was published and the members reach 0.9 of it; otherwise ``why_not`` says why there is
    none. Three Herfindahl-Hirschman indices that are often confused: ``hhi`` the sum of squared shares, ``hhi_normalised``
    (H - 1/n)/(1 - 1/n), ``hhi_unctad`` of square roots. Shares are of the members that have a figure above zero.
    """

    subject: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    year: types.Integer = field()
    members: types.BigInteger = field(ge=0)
    members_total: types.DollarSum = field()
    published_total: types.DollarSum = field(nullable=True)
    covered_share: types.Percent = field(nullable=True)
    why_not: types.Text = field(nullable=True)
    hhi: types.Percent = field(nullable=True)
    hhi_normalised: types.Percent = field(nullable=True)
    hhi_unctad: types.Percent = field(nullable=True)
    largest: types.Text = field(nullable=True)
    largest_share: types.Percent = field(nullable=True)

    class Config:
        name = "mart.concentration"
        unique = ["subject", "place", "year"]


class MartCoverage(Table):
    """Number of figures of each source and dataset, for each place and period, and how many lack a value, dollars or a date.

    ``place`` is the reporter, or the place that the figure is about. Figures without a period, such as distances, are in
    rows without one.
    """

    fact: types.Text = field()
    source: types.Text = field()
    dataset: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    freq: types.Text = field(nullable=True)
    period: types.Text = field(nullable=True)
    year: types.Integer = field(nullable=True)
    figures: types.BigInteger = field(ge=1)
    figures_missing: types.BigInteger = field(ge=0)
    figures_without_usd: types.BigInteger = field(ge=0)
    figures_undated: types.BigInteger = field(ge=0)
    figures_preferred: types.BigInteger = field(ge=0)
    published_on: types.Date = field(nullable=True)
    known_from: types.UtcTimestamp = field()

    class Config:
        name = "mart.coverage"


class MartFreshness(Table):
    """How new each dataset is: its newest period, when it was last published and received, and how long ago that is.

    ``source_state`` holds the newest day of the source against its publisher's calendar; it is NULL for sources without one, such as bundled figures.
    """

    source: types.Text = field()
    source_title: types.Text = field(nullable=True)
    dataset: types.Text = field()
    figures: types.BigInteger = field(ge=1)
    oldest_period: types.Text = field(nullable=True)
    newest_period: types.Text = field(nullable=True)
    last_published: types.Date = field(nullable=True)
    last_received: types.UtcTimestamp = field(nullable=True)
    files: types.BigInteger = field(nullable=True)
    age_days: types.BigInteger = field(nullable=True)
    years_behind: types.Integer = field(nullable=True)
    usual_days: types.Integer = field(nullable=True)
    late_days: types.Integer = field(nullable=True)
    expected_by: types.Date = field(nullable=True)
    source_state: types.Text = field(isin=["current", "due", "late"], nullable=True)

    class Config:
        name = "mart.freshness"


class MartQuestion(Table):
    """The founding questions: what the project was made to answer, each with the query that answers it and what is missing.

    Run ``sql`` as it is. What has no figure says so, and where it could be had.
    """

    number: types.Integer = field(ge=1)
    id: types.Text = field(unique=True)
    statements: types.Text = field()
    question: types.Text = field()
    state: types.Text = field(isin=["answered", "answered in part", "no figure"])
    sql: types.Text = field(nullable=True)
    missing: types.Text = field(nullable=True)
    obtainable: types.Text = field(nullable=True)

    class Config:
        name = "mart.question"


class MartClaims(Table):
    """What documents say, held against figures: one row a statement, with the verdict that the figures give. Verdicts are computed.

    A figure of each source is compared with what the statement expects: all support it (supported), none (contradicted), some (mixed:
    the sources disagree), or there is none (no data). ``entrepot claims --why ID`` shows the figures.
    """

    id: types.Text = field(unique=True)
    document: types.Text = field()
    passage: types.Text = field()
    statement: types.Text = field()
    verdict: types.Text = field(isin=["supported", "contradicted", "mixed", "no data"])
    off_by: types.Double = field(nullable=True)
    figure_unit: types.Text = field()
    supported_by: types.Text = field(nullable=True)
    contradicted_by: types.Text = field(nullable=True)
    missing: types.Text = field(nullable=True)
    comparison: types.Text = field(isin=["equals", "at least", "at most", "more than", "less than"])
    expected: types.Double = field()
    tolerance: types.Double = field(ge=0)
    sql: types.Text = field()

    class Config:
        name = "mart.claims"


@with_columns(
    shown(
        obs.TradeFigure,
        "source reporter reporter_name partner partner_name flow valuation basis classification product period year currency",
        year=(types.Integer, field()),
    )
)
class MartTradeMonthsDerived(Provenance):
    """Months of trade as the difference of two cumulative figures of one dataset, with the month as published.

    China's customs publish what was traded since January; a later cumulative figure may revise earlier months without
    notice. Where hidden_revision is not zero, the derived month includes the revision of all months before it.
    """

    cumulative_value: types.TradeValue = field(nullable=True)
    previous_cumulative_value: types.TradeValue = field(nullable=True)
    derived_value: types.TradeValue = field(nullable=True)
    monthly_value: types.TradeValue = field(nullable=True)
    hidden_revision: types.TradeValue = field(nullable=True)

    class Config:
        name = "mart.trade_months_derived"
