"""The tables of ``ref``: the vocabulary to which all rows are conformed."""

from schemas import types, vocabulary
from schemas.base import Table, field


class Place(Table):
    """Every place: economies, provinces, prefectures, cities and groups, and the residual categories of sources that are not places."""

    place: types.Text = field(str_matches=r"^[A-Z_][A-Za-z0-9_\-]*$")
    place_key: types.Integer = field(ge=1, le=65_535)  # core.trade_bulk compares keys in 16 bits
    kind: types.Text = field(isin=vocabulary.PLACE_KINDS)
    name: types.Text = field()
    name_zh: types.Text = field(nullable=True)
    name_zh_official: types.Text = field(nullable=True)
    name_ja: types.Text = field(nullable=True)
    parent: types.Text = field(nullable=True)
    valid_from: types.Date = field(nullable=True)
    valid_to: types.Date = field(nullable=True)
    is_aggregate: types.Boolean = field()
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place"
        unique = ["place"]


class PlaceCode(Table):
    """Codes of places in other schemes, with the dates of their validity."""

    scheme: types.Text = field()
    code: types.Text = field()
    place: types.Text = field(references="ref.place.place")
    valid_from: types.Date = field(nullable=True)
    valid_to: types.Date = field(nullable=True)
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place_code"
        unique = ["scheme", "code", "valid_from"]


class PlaceName(Table):
    """Names of a place in English, Chinese and Japanese."""

    place: types.Text = field(references="ref.place.place")
    language: types.Text = field(isin=["en", "zh", "ja"])
    name: types.Text = field()
    kind: types.Text = field(isin=["short", "official", "former", "alias"])

    class Config:
        name = "ref.place_name"
        unique = ["place", "language", "name"]


class PlaceAlias(Table):
    """What people write for a place that is neither its name nor a code of one place alone, and which place is meant.

    A name or code of several places (EU) is here for the one that is meant if nothing else is said.
    """

    alias: types.Text = field()
    place: types.Text = field(references="ref.place.place")
    reason: types.Text = field(str_length={"min_value": 1})

    class Config:
        name = "ref.place_alias"
        unique = ["alias"]


class PlaceGroup(Table):
    """Members of groups, with the dates of their membership."""

    place_group: types.Text = field(references="ref.place.place")
    member: types.Text = field(references="ref.place.place")
    valid_from: types.Date = field(nullable=True)
    valid_to: types.Date = field(nullable=True)
    membership_source: types.Text = field()
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place_group"
        unique = ["place_group", "member", "valid_from"]


class PlaceSuccession(Table):
    """Successions of places: splits, unions and separations. Figures of the earlier place are not divided.

    The day is the one on which trade statistics book the succession; the note has the political one where it differs. A
    place that only lost a part stays valid (ref.place.valid_to is empty), so its figures before and after are of different territory.
    """

    predecessor: types.Text = field(references="ref.place.place")
    successor: types.Text = field(references="ref.place.place")
    succeeded_on: types.Date = field()
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place_succession"
        unique = ["predecessor", "successor"]


class Product(Table):
    """Product codes of each classification and edition: HS 1992 to 2022, SITC revisions 1 to 4, BEC 4 and 5, all levels.

    Codes, levels, parents and names are those of UN Comtrade's reference tables of 2024
    (https://comtradeapi.un.org/files/v1/app/reference/H0.json and its like; Comtrade's terms); the chapters of HS 2022
    have names of their own. The total of all goods is TOTAL in the classification TOTAL.
    """

    classification: types.Text = field()
    product: types.Text = field()
    product_key: types.Integer = field(ge=1)
    level: types.Integer = field(ge=0)
    parent: types.Text = field(nullable=True)
    name: types.Text = field()

    class Config:
        name = "ref.product"
        unique = ["classification", "product"]


class Correlation(Table):
    """Pairs of codes in the UN's tables of two classifications, as published, from the newer to the older edition.

    United Nations Statistics Division, correlation and conversion tables of HS, SITC and BEC,
    https://unstats.un.org/unsd/classifications/Econ, and for HS1992 to SITC3 the World Bank's WITS. A correlation table
    names all pairs, a conversion table one target for each code; both directions are in ref.concordance. Adopted tables
    (source unsd.correlation) extend those that come with the project, and replace the one of the same two classifications.
    """

    from_classification: types.Text = field()
    from_product: types.Text = field()
    to_classification: types.Text = field()
    to_product: types.Text = field()
    relation: types.Text = field(nullable=True, isin=vocabulary.RELATIONS)
    is_correlation: types.Boolean = field()
    is_conversion: types.Boolean = field()
    family: types.Text = field(nullable=True)

    class Config:
        name = "ref.correlation"
        unique = ["from_classification", "to_classification", "from_product", "to_product"]


class StatedCorrelation(Correlation):
    """The pairs of all tables, those that come with the project and those of adopted files, of which ref.correlation has one a pair of classifications."""

    artifact: types.Text = field(nullable=True)
    received_at: types.Timestamp = field(nullable=True)

    class Config:
        name = "ref.stated_correlation"
        unique = ["from_classification", "to_classification", "from_product", "to_product", "artifact"]


class Unit(Table):
    """Units as printed, and the base units they are converted to."""

    printed_unit: types.Text = field()
    kind: types.Text = field(isin=vocabulary.UNIT_KINDS)
    base_unit: types.Text = field()
    currency: types.Text = field(nullable=True, str_matches=r"^[A-Z]{3}$")
    multiplier: types.BigInteger = field(ge=1)
    quotation: types.BigInteger = field(ge=1)

    class Config:
        name = "ref.unit"
        unique = ["printed_unit"]


class IndicatorName(Table):
    """Indicators: what their codes mean, what they are measured in, and which of them are exchange rates."""

    indicator: types.Text = field()
    name: types.Text = field()
    description: types.Text = field()
    unit_kind: types.Text = field(isin=vocabulary.UNIT_KINDS)
    fx_base: types.Text = field(nullable=True, str_matches=r"^[A-Z]{3}$")
    fx_kind: types.Text = field(nullable=True, isin=["avg", "eop"])

    class Config:
        name = "ref.indicator"
        unique = ["indicator"]


class IndicatorCode(Table):
    """Other schemes' codes of an indicator, and the unit their figures are in."""

    scheme: types.Text = field()
    code: types.Text = field()
    indicator: types.Text = field(references="ref.indicator.indicator")
    printed_unit: types.Text = field(references="ref.unit.printed_unit")
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.indicator_code"
        unique = ["scheme", "code"]


class FdiConcept(Table):
    """Concepts of direct investment. Figures of two concepts never belong in one series."""

    concept: types.Text = field()
    name: types.Text = field()
    description: types.Text = field()

    class Config:
        name = "ref.fdi_concept"
        unique = ["concept"]


class PlaceCurrency(Table):
    """The currency a place's exchange rate is stated in, by date.

    Publishers state the years before a redenomination in the new unit, so a currency that only lost zeros has no
    first day. Members of the euro area have their former currency until the day they joined. ``is_issuer``: of places
    that share a currency, the one whose rate is the currency's.
    """

    place: types.Text = field(references="ref.place.place")
    currency: types.Text = field(str_matches=r"^[A-Z]{3}$")
    valid_from: types.Date = field(nullable=True)
    valid_to: types.Date = field(nullable=True)
    is_issuer: types.Boolean = field()
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place_currency"
        unique = ["place", "valid_from"]


class Preference(Table):
    """Which of several figures of one cell is preferred: the one of the dataset with the lowest rank.

    A dataset has the rank of the longest ``dataset_prefix`` that its name begins with, a source's own before that of the
    source ``*``. Within a rank the latest published is preferred.
    """

    fact: types.Text = field(isin=["trade", "fdi", "indicator", "presence", "milestones"])
    source: types.Text = field()
    dataset_prefix: types.Text = field(nullable=True)
    rank: types.Integer = field(ge=0)
    reason: types.Text = field()

    class Config:
        name = "ref.preference"
        unique = ["fact", "source", "dataset_prefix"]


class Correction(Table):
    """Figures known to be wrong, which are quarantined as long as the correction's expectation is true.

    A later file for which it is false is refused, so that a correction never keeps right figures out.
    """

    correction: types.Text = field(str_matches=r"^[a-z0-9_]+$")
    source: types.Text = field()
    dataset: types.Text = field(str_matches=r"^[a-z0-9_.]+$")
    fact: types.Text = field(isin=["trade", "fdi", "fdi_rate", "indicator", "presence"])
    period: types.Text = field()
    concerns: types.Text = field()
    expectation: types.Text = field()
    reason: types.Text = field(str_length={"min_value": 1})

    class Config:
        name = "ref.correction"
        unique = ["correction"]


class SourceRow(Table):
    """Sources with their publishers and terms, what they cover, and the mistakes that their figures invite."""

    source: types.Text = field()
    title: types.Text = field()
    publisher: types.Text = field()
    licence: types.Text = field()
    redistribution: types.Text = field(isin=vocabulary.REDISTRIBUTION)
    documentation: types.Text = field(nullable=True)
    covers: types.Text = field(nullable=True)
    units: types.Text = field(nullable=True)
    traps: types.Text = field(nullable=True)

    class Config:
        name = "ref.source"
        unique = ["source"]


class IndicatorUnit(Table):
    """Which printed units an indicator may come in."""

    pair: types.Text = field()

    class Config:
        name = "ref.indicator_unit"
        unique = ["pair"]


class ExchangeRate(Table):
    """Rates per US dollar, all that publishers gave for a period; the preferred one is used to convert.

    Preferred is the Federal Reserve's, then the IMF's, then the World Bank's, then any other; of places that share the
    currency the one that issues it; the latest published first, then one read from the publisher before one that comes
    with the project. Dollars per unit are inverted; rates per euro are divided by the same publication's dollars per
    euro (a ratio of averages, which differs slightly from an average of ratios): ``quoted`` says which. Rates of single
    days are in mart.indicator_figures alone. Of periods that begin in January (YTD) only January itself and the whole year have a
    rate, those of the month and of the year.
    """

    currency: types.Text = field()
    fx_kind: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    rate: types.Quantity = field()
    quoted: types.Text = field(isin=vocabulary.QUOTATIONS)
    source: types.Text = field()
    dataset: types.Text = field()
    published_on: types.Date = field(nullable=True)
    edition: types.Integer = field(ge=1)
    preferred: types.Boolean = field()

    class Config:
        name = "ref.exchange_rate"


class Concordance(Table):
    """Which codes of one classification correspond to which of another, in both directions.

    ``weight`` is 1 where all of a code goes to one code, and NULL where it is split: the shares are not on record, and are
    not estimated. Two ways keep totals: ``is_conversion``, the UN's own choice of one target for a code (macro
    ``trade_in_classification``), and ``family``, the codes that only together are the same goods on both sides (macro
    ``trade_by_family``). A conversion to a heading above those of the correlation is in no family. Some families are large: electrical waste of HS 2022 goes back to a thousand codes.
    """

    from_classification: types.Text = field()
    from_product: types.Text = field()
    to_classification: types.Text = field()
    to_product: types.Text = field()
    relation: types.Text = field(nullable=True, isin=vocabulary.RELATIONS)
    weight: types.Integer = field(nullable=True, isin=[1])
    is_conversion: types.Boolean = field()
    is_correlation: types.Boolean = field()
    is_reversed: types.Boolean = field()
    family: types.Text = field(nullable=True)

    class Config:
        name = "ref.concordance"
        unique = ["from_classification", "to_classification", "from_product", "to_product"]


#: Tables read from warehouse/reference/<name>.csv.
BUNDLED: tuple[type[Table], ...] = (
    Place, PlaceCode, PlaceName, PlaceAlias, PlaceGroup, PlaceSuccession, PlaceCurrency, Product, Correlation, Unit, IndicatorName, IndicatorCode,
    FdiConcept, Preference, Correction,
)  # fmt: skip
TABLES: tuple[type[Table], ...] = (*BUNDLED, StatedCorrelation, SourceRow)
VIEWS: tuple[type[Table], ...] = (IndicatorUnit, ExchangeRate, Concordance)
