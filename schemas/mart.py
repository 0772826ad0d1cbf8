"""The views of ``mart``: what analysts use. Their columns are declared here; their SQL is in warehouse/sql/mart.

Marts that show one kind of figure take types from its schema in :mod:`schemas.observations`; the measures of profiles are
listed in :mod:`schemas.profile`.
"""

from schemas import observations as obs
from schemas import profile, types
from schemas.base import Declared, Table, columns, declared_types, field, with_columns
from schemas.columns import declare

declare(**profile.meanings())


def _shown(figure: type[Table], names: str, **further: Declared) -> dict[str, Declared]:
    """The columns of a mart that shows a kind of figure, in the order of ``names``.

    Type and nullability are those of the figure's column; ``…_name`` follows the column it names. ``further`` declares
    the columns that the figure does not have. Raises KeyError for a name that is neither.
    """
    nullable = {column.name: column.nullable for column in columns(figure)}
    known = {name: (type_, field(nullable=nullable[name])) for name, type_ in declared_types(figure).items()}
    english = {f"{name}_name": (types.Text, field(nullable=nullable[name])) for name in nullable}
    declared = {"source": (types.Text, field()), **known, **english, **further}
    return {name: declared[name] for name in names.split()}


class Provenance(Table):
    """Dataset, date and archived file of a version."""

    dataset: types.Text = field()
    published_on: types.Date = field(nullable=True)
    known_from: types.Timestamp = field()
    artifact: types.Text = field()


class FullProvenance(Provenance):
    """Provenance with the citation."""

    published_precision: types.Text = field()
    publisher: types.Text = field(nullable=True)
    title: types.Text = field(nullable=True)
    address: types.Text = field(nullable=True)
    seen_via: types.Text = field(nullable=True)
    note: types.Text = field(nullable=True)
    edition: types.Integer = field()


class InPeriod(Table):
    """The period of a figure."""

    freq: types.Text = field()
    period: types.Text = field()
    period_start: types.Date = field()
    period_end: types.Date = field()
    year: types.Integer = field()


class Converted(Table):
    """The exchange rate with which an amount was converted."""

    fx_rate: types.Quantity = field(nullable=True)
    fx_source: types.Text = field(nullable=True)


@with_columns(
    _shown(
        obs.TradeFigure,
        "source reporter reporter_name partner partner_name flow valuation basis classification product product_name "
        "value_usd value currency quantity quantity_unit net_weight_kg obs_status",
        value_usd=(types.TradeAmount, field(nullable=True)),
    )
)
class MartTrade(FullProvenance, InPeriod, Converted):
    """Merchandise trade as reported: the current version of every figure.

    One row is one reporter's figure. Japan's exports to China and China's imports from Japan are two figures;
    TOTAL and its products are both here: choose one classification and product level before you add, and do
    not add the partner WLD to its members. What was known at a moment: ``FROM trade_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.trade"


@with_columns(
    _shown(
        obs.FdiFigure,
        "source concept accounting direction principle instrument derivation sector_scope reporter reporter_name "
        "counterpart counterpart_name industry value_usd value currency printed_value printed_unit obs_status",
        value_usd=(types.Dollars, field(nullable=True)),
    )
)
class MartFdi(FullProvenance, InPeriod, Converted):
    """Direct investment: the current version of every figure.

    Never add or compare across ``concept``: the balance of payments and MOFCOM's count are different things. Reporters
    and counterparts include groups beside their members (ref.place.is_aggregate), such as CN_31_PROVINCES beside provinces.
    Values may be negative. What was known at a moment: ``FROM fdi_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.fdi"


@with_columns(
    _shown(
        obs.FdiRateFigure,
        "source concept direction reporter reporter_name counterpart counterpart_name measure rate_basis rate_percent "
        "printed_value obs_status",
        rate_percent=(types.Percent, field(nullable=True)),
    )
)
class MartFdiRate(FullProvenance, InPeriod):
    """Growth rates and shares of direct investment as printed, for which no amount was given."""

    class Config:
        name = "mart.fdi_rate"


@with_columns(
    _shown(
        obs.IndicatorFigure,
        "source place place_name indicator indicator_name unit value printed_value printed_unit obs_status",
    )
)
class MartIndicator(FullProvenance, InPeriod):
    """Figures about places (GDP, population, exchange rates, kilometres): the current version of each.

    The same indicator may stand in several units and from several datasets: choose before you add.
    What was known at a moment: ``FROM indicator_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.indicator"


@with_columns(
    _shown(
        obs.PairFigure,
        "source place place_name counterpart counterpart_name indicator indicator_name freq period period_start "
        "period_end year unit value printed_value printed_unit obs_status",
        period_start=(types.Date, field(nullable=True)),
        period_end=(types.Date, field(nullable=True)),
        year=(types.Integer, field(nullable=True)),
    )
)
class MartPair(FullProvenance):
    """Figures about two places (distances, CIF/FOB margins): the current version of each.

    A figure that belongs to no period, such as a distance, has none of the five columns of the period. The distance of
    a place from itself is that within it. Choose one indicator and, where it has them, one period before you join.
    """

    class Config:
        name = "mart.pair"


@with_columns(
    _shown(
        obs.PresenceFigure,
        "source place place_name origin origin_name counting_unit as_of value approximate printed_value printed_unit "
        "obs_status",
    )
)
class MartPresence(FullProvenance, InPeriod):
    """Companies, bases and residents from one place in another. Different counting units are different things."""

    class Config:
        name = "mart.presence"


@with_columns(
    _shown(
        obs.VisitFigure,
        "event kind started_on ended_on date_precision held_in side place place_name organisation person office visited "
        "purpose source",
    )
)
class MartVisits(FullProvenance):
    """Visits, forums and meetings between China and Japan: one row a participant."""

    class Config:
        name = "mart.visits"


@with_columns(
    _shown(
        obs.MilestoneFigure,
        "name kind place place_name opened_on opened_precision year length_km design_speed_kmh counterpart "
        "counterpart_name source",
        year=(types.Integer, field(nullable=True)),
    )
)
class MartMilestones(FullProvenance):
    """Railway lines, zones and ties: one row a place. The length is the whole line's: do not add it.

    Ties of Wikidata have no day. A tie that two publishers print stands twice: count the different counterparts.
    """

    class Config:
        name = "mart.milestones"


class MartFdiChinaByOrigin(Provenance):
    """Foreign investment actually used in China by origin (MOFCOM's concept), whole years only.

    All published figures of a year are here, one of them ``preferred``: read from the publisher itself before
    one seen through others, then the one printed with more digits, then the latest published.
    """

    origin: types.Text = field()
    origin_name: types.Text = field()
    year: types.Integer = field()
    value_usd: types.Dollars = field(nullable=True)
    value: types.Money = field(nullable=True)
    currency: types.Text = field()
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field()
    sector_scope: types.Text = field()
    obs_status: types.Text = field()
    source: types.Text = field()
    publisher: types.Text = field()
    seen_via: types.Text = field(nullable=True)
    published_precision: types.Text = field()
    title: types.Text = field()
    address: types.Text = field()
    note: types.Text = field(nullable=True)
    preferred: types.Boolean = field()

    class Config:
        name = "mart.fdi_china_by_origin"


#: The columns that identify a row of a profile.
_PLACE_AND_YEAR: dict[str, Declared] = {
    "place": (types.Text, field()),
    "place_name": (types.Text, field()),
    "year": (types.Integer, field()),
}


@with_columns(_PLACE_AND_YEAR | {m.name: (types.Money, field(nullable=True)) for m in profile.MEASURES})
class MartProvinceProfile(Table):
    """One row a Chinese province and year; ``provenance`` gives the source and date of each number.

    Of several figures the one taken is, in this order: read from the publisher itself before one seen through others; the
    latest published; a publisher's file before a figure that comes with the project; trade by the operators' location
    before that by the goods' place. ``japanese_companies`` are some of the ``foreign_companies``, as another publisher counts them.
    """

    free_trade_zone_since: types.Integer = field(nullable=True)
    sister_ties: types.BigInteger = field()
    sister_ties_undated: types.BigInteger = field()
    japan_visits: types.BigInteger = field()
    provenance: types.Text = field(nullable=True)

    class Config:
        name = "mart.province_profile"


def _sums(measure: str) -> dict[str, Declared]:
    """A measure of a region: of all members, of those that have a figure, and how many those are."""
    return {
        measure: (types.Money, field(nullable=True)),
        f"{measure}_partial": (types.Money, field(nullable=True)),
        f"{measure}_members": (types.BigInteger, field(ge=0)),
    }


@with_columns(
    {
        **_PLACE_AND_YEAR,
        "member_count": (types.BigInteger, field(ge=1)),
        "member_places": (types.Text, field()),
        "member_names": (types.Text, field()),
        **{name: column for m in profile.MEASURES for name, column in _sums(m.name).items()},
    }
)
class MartRegionProfile(Table):
    """One row a group of Chinese provinces and year: the sums of mart.province_profile, with the members spelt out.

    A number is there only where all members have one; ``…_partial`` is the sum of those that have one, ``…_members`` how
    many that are. Only CN_EAST, CN_CENTRAL, CN_WEST and CN_NORTHEAST together are a partition of the 31 provinces: other
    groups overlap (macro ``partition_of`` refuses them).
    """

    free_trade_zone_members: types.BigInteger = field(ge=0)
    sister_ties: types.BigInteger = field(ge=0)
    sister_ties_undated: types.BigInteger = field(ge=0)
    japan_visits: types.BigInteger = field(ge=0)
    provenance: types.Text = field()

    class Config:
        name = "mart.region_profile"


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
    change: types.Text = field()

    class Config:
        name = "mart.revisions"


class MartBothImport(Provenance):
    """Trade between two economies by each side's import statistics (JETRO's both-import basis)."""

    source: types.Text = field()
    exporter: types.Text = field()
    exporter_name: types.Text = field()
    importer: types.Text = field()
    importer_name: types.Text = field()
    classification: types.Text = field()
    product: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    value_usd: types.TradeAmount = field(nullable=True)
    opposite_value_usd: types.TradeAmount = field(nullable=True)
    total_usd: types.TradeAmount = field(nullable=True)
    balance_usd: types.TradeAmount = field(nullable=True)

    class Config:
        name = "mart.both_import"


class MartMirrorTrade(Table):
    """What exporter and importer each publish of the same trade, in one dataset, side by side; never averaged.

    Imports are mostly CIF and exports FOB, so that a gap of some six per cent is freight and insurance; gaps also
    come of goods through third places (Hong Kong), time of recording and attribution. Reconciled data are not here.
    """

    source: types.Text = field()
    dataset: types.Text = field()
    exporter: types.Text = field()
    exporter_name: types.Text = field()
    importer: types.Text = field()
    importer_name: types.Text = field()
    classification: types.Text = field()
    product: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    export_usd: types.TradeAmount = field(nullable=True)
    export_valuation: types.Text = field(nullable=True)
    import_usd: types.TradeAmount = field(nullable=True)
    import_valuation: types.Text = field(nullable=True)
    mirror_status: types.Text = field(isin=["both", "exporter_only", "importer_only"])
    gap_usd: types.TradeAmount = field(nullable=True)
    import_to_export: types.Money = field(nullable=True)
    relative_gap: types.Money = field(nullable=True)
    export_artifact: types.Text = field(nullable=True)
    import_artifact: types.Text = field(nullable=True)

    class Config:
        name = "mart.mirror_trade"


class MartMirrorFdi(Table):
    """What the investor's and the host's statistics each publish of the same direct investment, in one dataset; never averaged."""

    source: types.Text = field()
    dataset: types.Text = field()
    concept: types.Text = field()
    accounting: types.Text = field()
    principle: types.Text = field()
    instrument: types.Text = field()
    sector_scope: types.Text = field()
    industry: types.Text = field()
    investor: types.Text = field()
    investor_name: types.Text = field()
    host: types.Text = field()
    host_name: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    outward_usd: types.Dollars = field(nullable=True)
    inward_usd: types.Dollars = field(nullable=True)
    outward_status: types.Text = field(nullable=True)
    inward_status: types.Text = field(nullable=True)
    mirror_status: types.Text = field(isin=["both", "investor_only", "host_only"])
    gap_usd: types.Dollars = field(nullable=True)
    relative_gap: types.Money = field(nullable=True)
    outward_artifact: types.Text = field(nullable=True)
    inward_artifact: types.Text = field(nullable=True)

    class Config:
        name = "mart.mirror_fdi"


class MartConcentration(Table):
    """Concentration of trade, investment and companies over partners, origins and provinces.

    Three Herfindahl-Hirschman indices that are often confused: ``hhi`` the sum of squared shares, ``hhi_normalised``
    (H - 1/n)/(1 - 1/n), ``hhi_unctad`` of square roots. Shares are of the members that have a figure above zero.
    """

    subject: types.Text = field()
    source: types.Text = field()
    dataset: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    members: types.BigInteger = field(ge=1)
    members_total: types.Dollars = field()
    published_total: types.Dollars = field(nullable=True)
    covered_share: types.Percent = field(nullable=True)
    hhi: types.Percent = field()
    hhi_normalised: types.Percent = field(nullable=True)
    hhi_unctad: types.Percent = field(nullable=True)
    largest: types.Text = field()
    largest_share: types.Percent = field()

    class Config:
        name = "mart.concentration"


class MartCoverage(Table):
    """Number of figures of each source and dataset, for each place and period, and how many of them have no value.

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
    published_on: types.Date = field(nullable=True)
    known_from: types.Timestamp = field()

    class Config:
        name = "mart.coverage"


class MartFreshness(Table):
    """How new each dataset is: its newest period, when it was last published and received, and how long ago that is."""

    source: types.Text = field()
    source_title: types.Text = field(nullable=True)
    dataset: types.Text = field()
    figures: types.BigInteger = field(ge=1)
    oldest_period: types.Text = field(nullable=True)
    newest_period: types.Text = field(nullable=True)
    last_published: types.Date = field(nullable=True)
    last_received: types.Timestamp = field(nullable=True)
    files: types.BigInteger = field(nullable=True)
    age_days: types.BigInteger = field(nullable=True)
    years_behind: types.Integer = field(nullable=True)

    class Config:
        name = "mart.freshness"


@with_columns(
    _shown(
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

    cumulative_value: types.TradeAmount = field(nullable=True)
    previous_cumulative_value: types.TradeAmount = field(nullable=True)
    derived_value: types.TradeAmount = field(nullable=True)
    monthly_value: types.TradeAmount = field(nullable=True)
    hidden_revision: types.TradeAmount = field(nullable=True)

    class Config:
        name = "mart.trade_months_derived"


VIEWS: tuple[type[Table], ...] = (
    MartTrade, MartFdi, MartFdiRate, MartIndicator, MartPair, MartPresence, MartVisits, MartMilestones,
    MartFdiChinaByOrigin, MartProvinceProfile, MartRegionProfile, MartRevisions, MartBothImport,
    MartMirrorTrade, MartMirrorFdi, MartConcentration, MartCoverage, MartFreshness,
    MartTradeMonthsDerived,
)  # fmt: skip
