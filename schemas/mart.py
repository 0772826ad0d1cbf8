"""The views of ``mart``: what analysts use. Each names its columns here; the SQL is in warehouse/sql/mart."""

from schemas import types
from schemas.base import Table, field


class Provenance(Table):
    """When and by whom a version was published."""

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
    """The rate an amount was converted with."""

    fx_rate: types.Quantity = field(nullable=True)
    fx_source: types.Text = field(nullable=True)


class MartTrade(FullProvenance, InPeriod, Converted):
    """Merchandise trade as reported: the current version of every figure.

    One row is one reporter's figure. Japan's exports to China and China's imports from Japan are two figures;
    TOTAL and its products are both here: choose one classification and product level before you add, and do
    not add the partner WLD to its members. What was known at a moment: ``FROM trade_as_of('2022-06-01')``.
    """

    source: types.Text = field()
    reporter: types.Text = field()
    reporter_name: types.Text = field()
    partner: types.Text = field()
    partner_name: types.Text = field()
    flow: types.Text = field()
    valuation: types.Text = field()
    basis: types.Text = field(nullable=True)
    classification: types.Text = field()
    product: types.Text = field()
    product_name: types.Text = field()
    value_usd: types.TradeAmount = field(nullable=True)
    value: types.TradeAmount = field(nullable=True)
    currency: types.Text = field()
    quantity: types.TradeAmount = field(nullable=True)
    quantity_unit: types.Text = field(nullable=True)
    net_weight_kg: types.TradeAmount = field(nullable=True)
    obs_status: types.Text = field()

    class Config:
        name = "mart.trade"


class MartFdi(FullProvenance, InPeriod, Converted):
    """Direct investment: the current version of every figure.

    Never add or compare across ``concept``: the balance of payments and MOFCOM's count are different things. Reporters
    and counterparts include groups beside their members (ref.place.is_aggregate), such as CN_31_PROVINCES beside provinces.
    Values may be negative. What was known at a moment: ``FROM fdi_as_of('2022-06-01')``.
    """

    source: types.Text = field()
    concept: types.Text = field()
    accounting: types.Text = field()
    direction: types.Text = field()
    principle: types.Text = field()
    instrument: types.Text = field()
    derivation: types.Text = field()
    sector_scope: types.Text = field()
    reporter: types.Text = field()
    reporter_name: types.Text = field()
    counterpart: types.Text = field()
    counterpart_name: types.Text = field()
    industry: types.Text = field()
    value_usd: types.Dollars = field(nullable=True)
    value: types.Money = field(nullable=True)
    currency: types.Text = field()
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field()
    obs_status: types.Text = field()

    class Config:
        name = "mart.fdi"


class MartFdiRate(FullProvenance, InPeriod):
    """Growth rates and shares of direct investment as printed, for which no amount was given."""

    source: types.Text = field()
    concept: types.Text = field()
    direction: types.Text = field()
    reporter: types.Text = field()
    reporter_name: types.Text = field()
    counterpart: types.Text = field()
    counterpart_name: types.Text = field()
    measure: types.Text = field()
    rate_basis: types.Text = field()
    rate_percent: types.Percent = field(nullable=True)
    printed_value: types.Text = field(nullable=True)
    obs_status: types.Text = field()

    class Config:
        name = "mart.fdi_rate"


class MartIndicator(FullProvenance, InPeriod):
    """Figures about places (GDP, population, exchange rates, kilometres): the current version of each.

    The same indicator may stand in several units and from several datasets: choose before you add.
    What was known at a moment: ``FROM indicator_as_of('2022-06-01')``.
    """

    source: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    indicator: types.Text = field()
    indicator_name: types.Text = field()
    unit: types.Text = field()
    value: types.Quantity = field(nullable=True)
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field()
    obs_status: types.Text = field()

    class Config:
        name = "mart.indicator"


class MartPair(FullProvenance):
    """Figures about two places (distances, CIF/FOB margins): the current version of each.

    A figure that belongs to no period, such as a distance, has none of the five columns of the period. The distance of
    a place from itself is that within it. Choose one indicator and, where it has them, one period before you join.
    """

    source: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    counterpart: types.Text = field()
    counterpart_name: types.Text = field()
    indicator: types.Text = field()
    indicator_name: types.Text = field()
    freq: types.Text = field(nullable=True)
    period: types.Text = field(nullable=True)
    period_start: types.Date = field(nullable=True)
    period_end: types.Date = field(nullable=True)
    year: types.Integer = field(nullable=True)
    unit: types.Text = field()
    value: types.Quantity = field(nullable=True)
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field()
    obs_status: types.Text = field()

    class Config:
        name = "mart.pair"


class MartPresence(FullProvenance, InPeriod):
    """Companies, bases and residents from one place in another. Different counting units are different things."""

    source: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    origin: types.Text = field()
    origin_name: types.Text = field()
    counting_unit: types.Text = field()
    as_of: types.Date = field(nullable=True)
    value: types.Count = field(nullable=True)
    approximate: types.Boolean = field()
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field()
    obs_status: types.Text = field()

    class Config:
        name = "mart.presence"


class MartVisits(FullProvenance):
    """Visits, forums and meetings between China and Japan: one row a participant."""

    event: types.Text = field()
    kind: types.Text = field()
    started_on: types.Date = field()
    ended_on: types.Date = field()
    date_precision: types.Text = field()
    held_in: types.Text = field(nullable=True)
    side: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    organisation: types.Text = field(nullable=True)
    person: types.Text = field(nullable=True)
    office: types.Text = field(nullable=True)
    visited: types.Boolean = field()
    purpose: types.Text = field(nullable=True)
    source: types.Text = field()

    class Config:
        name = "mart.visits"


class MartMilestones(FullProvenance):
    """Railway lines, zones and ties: one row a place. The length is the whole line's: do not add it.

    Ties of Wikidata have no day. A tie that two publishers print stands twice: count the different counterparts.
    """

    name: types.Text = field()
    kind: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    opened_on: types.Date = field(nullable=True)
    opened_precision: types.Text = field()
    year: types.Integer = field(nullable=True)
    length_km: types.Kilometres = field(nullable=True)
    design_speed_kmh: types.Integer = field(nullable=True)
    counterpart: types.Text = field(nullable=True)
    counterpart_name: types.Text = field(nullable=True)
    source: types.Text = field()

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


class MartProvinceProfile(Table):
    """One row a Chinese province and year; ``provenance`` says of each number whose it is, and of when.

    Of several figures the one taken is, in this order: read from the publisher itself before one seen through others; the
    latest published; a publisher's file before a figure that comes with the project; trade by the operators' location
    before that by the goods' place. ``japanese_companies`` are some of the ``foreign_companies``, as another publisher counts them.
    """

    place: types.Text = field()
    place_name: types.Text = field()
    year: types.Integer = field()
    gdp_cny: types.Money = field(nullable=True)
    population: types.Money = field(nullable=True)
    exports_usd: types.Money = field(nullable=True)
    imports_usd: types.Money = field(nullable=True)
    goods_trade_total_usd: types.Money = field(nullable=True)
    fdi_utilised_usd: types.Money = field(nullable=True)
    railway_km: types.Money = field(nullable=True)
    highway_km: types.Money = field(nullable=True)
    expressway_km: types.Money = field(nullable=True)
    foreign_companies: types.Money = field(nullable=True)
    foreign_investment_registered_usd: types.Money = field(nullable=True)
    japanese_companies: types.Money = field(nullable=True)
    free_trade_zone_since: types.Integer = field(nullable=True)
    sister_ties: types.BigInteger = field()
    sister_ties_undated: types.BigInteger = field()
    japan_visits: types.BigInteger = field()
    provenance: types.Text = field(nullable=True)

    class Config:
        name = "mart.province_profile"


class MartRegionProfile(Table):
    """One row a group of Chinese provinces and year: the sums of mart.province_profile, with the members spelt out.

    A number is there only where all members have one; ``…_partial`` is the sum of those that have one, ``…_members`` how
    many that are. Only CN_EAST, CN_CENTRAL, CN_WEST and CN_NORTHEAST together are a partition of the 31 provinces: other
    groups overlap (macro ``partition_of`` refuses them).
    """

    place: types.Text = field()
    place_name: types.Text = field()
    year: types.Integer = field()
    member_count: types.BigInteger = field(ge=1)
    member_places: types.Text = field()
    member_names: types.Text = field()
    gdp_cny: types.Money = field(nullable=True)
    gdp_cny_partial: types.Money = field(nullable=True)
    gdp_cny_members: types.BigInteger = field(ge=0)
    population: types.Money = field(nullable=True)
    population_partial: types.Money = field(nullable=True)
    population_members: types.BigInteger = field(ge=0)
    exports_usd: types.Money = field(nullable=True)
    exports_usd_partial: types.Money = field(nullable=True)
    exports_usd_members: types.BigInteger = field(ge=0)
    imports_usd: types.Money = field(nullable=True)
    imports_usd_partial: types.Money = field(nullable=True)
    imports_usd_members: types.BigInteger = field(ge=0)
    goods_trade_total_usd: types.Money = field(nullable=True)
    goods_trade_total_usd_partial: types.Money = field(nullable=True)
    goods_trade_total_usd_members: types.BigInteger = field(ge=0)
    fdi_utilised_usd: types.Money = field(nullable=True)
    fdi_utilised_usd_partial: types.Money = field(nullable=True)
    fdi_utilised_usd_members: types.BigInteger = field(ge=0)
    railway_km: types.Money = field(nullable=True)
    railway_km_partial: types.Money = field(nullable=True)
    railway_km_members: types.BigInteger = field(ge=0)
    highway_km: types.Money = field(nullable=True)
    highway_km_partial: types.Money = field(nullable=True)
    highway_km_members: types.BigInteger = field(ge=0)
    expressway_km: types.Money = field(nullable=True)
    expressway_km_partial: types.Money = field(nullable=True)
    expressway_km_members: types.BigInteger = field(ge=0)
    foreign_companies: types.Money = field(nullable=True)
    foreign_companies_partial: types.Money = field(nullable=True)
    foreign_companies_members: types.BigInteger = field(ge=0)
    foreign_investment_registered_usd: types.Money = field(nullable=True)
    foreign_investment_registered_usd_partial: types.Money = field(nullable=True)
    foreign_investment_registered_usd_members: types.BigInteger = field(ge=0)
    japanese_companies: types.Money = field(nullable=True)
    japanese_companies_partial: types.Money = field(nullable=True)
    japanese_companies_members: types.BigInteger = field(ge=0)
    free_trade_zone_members: types.BigInteger = field(ge=0)
    sister_ties: types.BigInteger = field(ge=0)
    sister_ties_undated: types.BigInteger = field(ge=0)
    japan_visits: types.BigInteger = field(ge=0)
    provenance: types.Text = field()

    class Config:
        name = "mart.region_profile"


class MartRevisions(Provenance):
    """Every figure that a later release changed, beside the figure before."""

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
    """How unevenly trade, investment and companies are spread over their partners, origins and provinces.

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
    """What is here: figures of each source and dataset, for each place and period, and how many of them have no value.

    ``place`` is who reports, or whom the figure is about. A figure that belongs to no period, such as a distance, is in
    a row without one.
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


class MartTradeMonthsDerived(Provenance):
    """Months of trade as the difference of two cumulatives of one dataset, beside the month as it was published.

    China's customs publish what was traded since January; a later cumulative revises earlier months without saying so. Where
    hidden_revision is not zero, that happened: the derived month carries the revision of all months before it.
    """

    source: types.Text = field()
    reporter: types.Text = field()
    reporter_name: types.Text = field()
    partner: types.Text = field()
    partner_name: types.Text = field()
    flow: types.Text = field()
    valuation: types.Text = field()
    basis: types.Text = field(nullable=True)
    classification: types.Text = field()
    product: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    currency: types.Text = field()
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
