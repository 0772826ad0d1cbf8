"""The tables of ``ref``: the one vocabulary everything is conformed to."""

from schemas import types, vocabulary
from schemas.base import Table, field


class Place(Table):
    """Every place: economies, provinces, prefectures, cities, groups, and what sources book that is no place."""

    place: types.Text = field(str_matches=r"^[A-Z_][A-Za-z0-9_\-]*$")
    place_key: types.Integer = field(ge=1)
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
    """Other schemes' codes of a place, with the dates they hold."""

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


class PlaceGroup(Table):
    """Who belongs to a group from when to when."""

    place_group: types.Text = field(references="ref.place.place")
    member: types.Text = field(references="ref.place.place")
    valid_from: types.Date = field(nullable=True)
    valid_to: types.Date = field(nullable=True)
    membership_source: types.Text = field()
    note: types.Text = field(nullable=True)

    class Config:
        name = "ref.place_group"
        unique = ["place_group", "member", "valid_from"]


class Product(Table):
    """Product codes of each classification and edition."""

    classification: types.Text = field()
    product: types.Text = field()
    product_key: types.Integer = field(ge=1)
    level: types.Integer = field(ge=0)
    parent: types.Text = field(nullable=True)
    name: types.Text = field()

    class Config:
        name = "ref.product"
        unique = ["classification", "product"]


class Unit(Table):
    """Units as printed, and what they are resolved to."""

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


class FdiConcept(Table):
    """Concepts of direct investment. Two of them never belong in one series."""

    concept: types.Text = field()
    name: types.Text = field()
    description: types.Text = field()

    class Config:
        name = "ref.fdi_concept"
        unique = ["concept"]


class Correction(Table):
    """Figures known to be wrong, which are kept out of core as long as they are what the correction expects.

    When a later file has other figures the file is refused, so that nobody keeps right figures out for ever.
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
    """Sources: who publishes them, under which terms."""

    source: types.Text = field()
    title: types.Text = field()
    publisher: types.Text = field()
    licence: types.Text = field()
    redistribution: types.Text = field(isin=vocabulary.REDISTRIBUTION)
    documentation: types.Text = field(nullable=True)

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

    Preferred is the Federal Reserve's, then the IMF's, then the World Bank's, then any other, the latest published first.
    """

    currency: types.Text = field()
    fx_kind: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    rate: types.Quantity = field()
    source: types.Text = field()
    dataset: types.Text = field()
    published_on: types.Date = field(nullable=True)
    preferred: types.Boolean = field()

    class Config:
        name = "ref.exchange_rate"


#: Tables read from warehouse/reference/<name>.csv.
BUNDLED: tuple[type[Table], ...] = (
    Place, PlaceCode, PlaceName, PlaceGroup, Product, Unit, IndicatorName, FdiConcept, Correction,
)  # fmt: skip
TABLES: tuple[type[Table], ...] = (*BUNDLED, SourceRow)
VIEWS: tuple[type[Table], ...] = (IndicatorUnit, ExchangeRate)
