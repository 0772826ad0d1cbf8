"""The marts that hold measures of the field over facts: reconciled trade, disparity, profiles of corridors and others.

They are readings like those in :mod:`schemas.mart.readings`; the formulas are in :mod:`schemas.formulas`, the methods of reconciliation in
:mod:`schemas.reconciliation`.
"""

from schemas import reconciliation, topics, types
from schemas.base import Declared, Table, field, with_columns
from schemas.columns import Meaning, declare
from schemas.mart.parts import YEAR, text

declare(
    reconciliation_method=Meaning(
        "How one figure is made of what both sides publish (schemas/reconciliation.py): "
        + "; ".join(f"{m.name}: {m.rule}" for m in reconciliation.METHODS)
    ),
    method_version=Meaning("Version of the method; another version may give another value"),
    import_basis=Meaning("Whether the importer's figure has freight and insurance in it, and how that is known"),
    cif_rate=Meaning("Share of freight and insurance that was taken off the importer's figure, over its value without it", "ratio"),
    freight_basis=Meaning(
        "Where cif_rate comes from: none taken off, fixed by the method, the OECD's of the pair, estimated from all pairs, mean of the year, "
        "or the method's default where there are too few pairs to estimate it"
    ),
    import_compared_usd=Meaning("The importer's figure without freight and insurance, as the method compares it", "USD"),
    exporter_weight=Meaning("Weight of the exporter's figure, from 0 to 1; the importer's has the rest", "ratio"),
    weight_basis=Meaning(
        "Where the weight comes from: fixed by the method, estimated from all pairs, default (both weigh alike, since too few partners are known to estimate it), "
        "or one report alone (of a method that takes a mean, where there is nothing to weigh: no reconciled figure)"
    ),
    value_is_seam=Meaning(
        "True if the value of the last year before is made otherwise: of another side's figure, of another dataset, with freight in it or without, or by another estimate; the step between both is no growth"
    ),
)  # fmt: skip


@with_columns(
    text("exporter", "exporter_name", "importer", "importer_name")
    | YEAR
    | {
        "reconciliation_method": (types.Text, field(isin=[m.name for m in reconciliation.METHODS])),
        "method_version": (types.Text, field()),
        "mirror_status": (types.Text, field(isin=["both", "exporter_only", "importer_only"])),
        "export_usd": (types.TradeValue, field(nullable=True)),
        "import_usd": (types.TradeValue, field(nullable=True)),
    }
    | text("import_basis", nullable=True)
    | {
        "cif_rate": (types.Double, field(nullable=True, ge=0)),
        "freight_basis": (types.Text, field(nullable=True, isin=list(reconciliation.FREIGHT_BASES))),
        "import_compared_usd": (types.TradeValue, field(nullable=True)),
        "exporter_weight": (types.Double, field(nullable=True, ge=0, le=1)),
        "weight_basis": (types.Text, field(nullable=True, isin=list(reconciliation.WEIGHT_BASES))),
        "value_usd": (types.TradeValue, field(nullable=True)),
        "value_is_seam": (types.Boolean, field()),
    }
    | text("why_not", nullable=True)
)
class MartTradeByMethod(Table):
    """One figure of the trade of a pair by each of several methods, from what exporter and importer publish of all goods.

    Choose one ``reconciliation_method`` before adding. For China and Japan the habit is ``both_import``. The value is
    ``exporter_weight`` times ``export_usd`` plus the rest times ``import_compared_usd``; where there is none, ``why_not`` says why. The ``…_like``
    methods are after their models and not equal to them: their weights and freight are estimated from the pairs that are loaded, as far as these suffice;
    ``weight_basis`` and ``freight_basis`` say where they do not, and a default stands in. Reconciled from both sides is what has no ``weight_basis`` of one report alone.
    """

    class Config:
        name = "mart.trade_by_method"
        unique = ["exporter", "importer", "year", "reconciliation_method"]


declare(
    topic=Meaning("What is compared, such as railway_km or exports_to_japan_by_operator_usd (schemas/topics.py)"),
    topic_value=Meaning("The value of the topic, in its unit; of a region there only where all members have one, or where it is printed for the region"),
    value_basis=Meaning("Of a region: sum of members, or printed for the region by one publisher where not all members have a figure; of the place otherwise"),
    whole=Meaning("Place code of what place is a part of: the Northeast or Liaoning", "place code"),
    whole_name=Meaning("Name of the whole"),
    whole_basis=Meaning("Whether whole_value is the sum of the three provinces, printed for them together, or that of the one place"),
    whole_years=Meaning("Years of the figures of the whole, of each province where they are added"),
    years_apart=Meaning("Years between the figure of the place and the farthest of the whole", "years"),
    place_value=Meaning("The topic in the place, in its unit"),
    whole_value=Meaning("The topic in the whole, in its unit; NULL where a province has no figure in those years"),
    whole_value_partial=Meaning("Sum of the topic over those provinces of the whole that have a figure in those years, in its unit"),
    share=Meaning("place_value over whole_value, of figures of one year and one dataset; NULL where there is no such whole_value, or a smaller one", "ratio"),
    share_of_known=Meaning("place_value over whole_value_partial, of figures of one year and one dataset: more than the share in the whole where a province is missing", "ratio"),
    ratio_of_unlike=Meaning("place_value over whole_value_partial where they are of unlike years or of several datasets: an order of magnitude, and no share; NULL for utilised investment, of which there are narrow and wide counts", "ratio"),
    topic_value_partial=Meaning("Sum of the topic over the members that have a figure, in its unit"),
    members_with_figure=Meaning("How many members have a figure of the topic", "places"),
    per_head=Meaning("The topic over the population of those members that have both"),
    per_gdp_billion=Meaning("The topic over the gross domestic product, in billions of US dollars, of those members that have both"),
    covered_population_share=Meaning("Share of the place's population in members that have a figure; NULL where a member's population is missing", "ratio"),
    share_of_northeast=Meaning(
        "Share in topic_value of the Northeast, of its provinces and of Dalian; NULL where one of the three has no figure (see northeast_shares for near years)", "ratio"
    ),
    northeast_members_with_figure=Meaning("How many of the three provinces of the Northeast have a figure", "places"),
    per_head_over_northeast=Meaning("per_head over that of the Northeast, where both have a topic_value", "ratio"),
    datasets=Meaning("Datasets of the figures, separated by semicolons"),
)  # fmt: skip


@with_columns(
    text("topic", "unit", "place", "place_name")
    | YEAR
    | {name: (types.BigInteger, field(ge=0)) for name in ("member_count", "members_with_figure")}
    | {"topic_value": (types.Double, field(nullable=True))}
    | {"value_basis": (types.Text, field(nullable=True, isin=["of the place", "sum of members", "printed for the region"])), "is_seam": (types.Boolean, field())}
    | {
        name: (types.Double, field(nullable=True))
        for name in (
            "topic_value_partial", "per_head", "per_gdp_billion", "covered_population_share", "share_of_northeast",
        )
    }
    | {
        "northeast_members_with_figure": (types.BigInteger, field(nullable=True)),
        "per_head_over_northeast": (types.Double, field(nullable=True)),
    }
    | text("datasets", "why_not", nullable=True)
)  # fmt: skip
class MartDisparity(Table):
    """The Northeast, its three provinces and Dalian against the Pearl River Delta, the Yangtze River Delta and the Bohai Rim: trade and investment with Japan, companies, infrastructure.

    One row a topic, place and year; ``why_not`` says where figures are missing. The regions are whole provinces (the Pearl River Delta is
    Guangdong), and Liaoning is in the Northeast and in the Bohai Rim, Dalian in Liaoning: compare rows, do not add them. Topics that sound
    alike are different things: trade by operator and by place of the goods, companies approved and registered. ``is_seam`` marks a year whose
    figure, or that of a member, is of another publisher than the one before it: the step between is no growth.
    """

    class Config:
        name = "mart.disparity"
        unique = ["topic", "place", "year"]


@with_columns(
    text("topic", "unit", "place", "place_name")
    | YEAR
    | text("whole", "whole_name", "whole_basis", "whole_years")
    | {"years_apart": (types.BigInteger, field(ge=0, le=topics.MOST_YEARS_APART))}
    | {
        "place_value": (types.Double, field()),
        "whole_value": (types.Double, field(nullable=True)),
        "whole_value_partial": (types.Double, field()),
    }
    | {name: (types.BigInteger, field(ge=1, le=3)) for name in ("members_with_figure", "member_count")}
    | {
        name: (types.Double, field(nullable=True))
        for name in ("covered_population_share", "share", "share_of_known", "ratio_of_unlike")
    }
    | text("datasets")
    | text("why_not", nullable=True)
)
class MartNortheastShares(Table):
    """How far the Northeast is concentrated: the share of Liaoning and of Dalian in the three provinces, and of Dalian in Liaoning, by topic and year.

    ``share`` is of figures of one year and one dataset, and NULL where a province has none; ``share_of_known`` is of the provinces that have one, which
    ``covered_population_share`` weighs, and overstates. Figures of trade and investment with Japan are rarely of one year: part over whole of near
    years (``whole_years``, no more than three apart) or of several datasets is ``ratio_of_unlike``, which is no share, and ``why_not`` says what differs.
    """

    class Config:
        name = "mart.northeast_shares"
        unique = ["topic", "place", "year", "whole", "whole_basis"]


declare(
    studied_event=Meaning("Event of mart.visits that a trip is named after, or key of a line, road or zone of mart.milestones"),
    events=Meaning("All events of the case, separated by semicolons: what a province did with Japan in one month is one, and so are its openings of a kind in one year"),
    event_kind=Meaning("Kind of the event: visit, forum, seminar, high_speed_rail, free_trade_zone …"),
    value_before_usd=Meaning("Mean of the two years before the event", "USD"),
    value_after_usd=Meaning("Mean of the two years after the event", "USD"),
    change_log=Meaning("Logarithm of value_after_usd over value_before_usd"),
    others=Meaning("Provinces without such an event on record (contacts of any kind; pilot free trade zones) in those five years that have like figures", "places"),
    others_change_log=Meaning("Mean change_log of the others"),
    effect_log=Meaning("change_log less that of the others"),
    placebos=Meaning("Windows of other provinces without such an event on record for which the same was worked out: the same years, and years that do not overlap with them or each other", "cases"),
    placebos_as_large=Meaning("Those placebos that moved as far from the others as this case, or farther, up or down", "cases"),
    placebo_share=Meaning("Rank among the placebos: (1 + placebos_as_large) / (1 + placebos); one near 0 is rare", "ratio"),
    other_events=Meaning("Other events of the province in the five years", "events"),
    spans_datasets=Meaning("True if the years are of several datasets, so that a change may be theirs"),
    caution=Meaning("How little the case can prove, as a sentence"),
)  # fmt: skip


@with_columns(
    text("studied_event", "event_kind", "place", "place_name")
    | YEAR
    | text("topic", "events")
    | {name: (types.Dollars, field(nullable=True)) for name in ("value_before_usd", "value_after_usd")}
    | {"change_log": (types.Double, field(nullable=True))}
    | {"others": (types.BigInteger, field(nullable=True))}
    | {name: (types.Double, field(nullable=True)) for name in ("others_change_log", "effect_log")}
    | {name: (types.BigInteger, field(nullable=True)) for name in ("placebos", "placebos_as_large")}
    | {"placebo_share": (types.Double, field(nullable=True, gt=0, le=1))}
    | {"other_events": (types.BigInteger, field(ge=0)), "spans_datasets": (types.Boolean, field(nullable=True))}
    | text("datasets", "why_not", nullable=True)
    | text("caution")
)
class MartEventStudy(Table):
    """Trade and investment of provinces before and after visits, forums and openings, against other provinces and against placebos.

    One row a case, province and topic; what a province did with Japan in one month is one case (``events``), as are its openings of a kind in one year, and
    the place where a forum is held takes no part in it. Openings of roads and lines have no effect: those of other provinces are not listed. The effect is the change of the mean of the two years after over that of the two years before, less
    the mean change of provinces without such an event on record. The same is worked out for windows of other provinces: where many of
    those moved as far, there is no effect. A handful of events proves no cause; ``caution`` says so of each. Effects there are of all trade of provinces and of the
    registered investment of foreign-funded enterprises, a stock of all origins up to 2019: of trade with Japan, and of what Japan or all invest in a year, no
    province has figures of the four years around an event in what is bundled, and ``why_not`` says so.
    """

    class Config:
        name = "mart.event_study"
        unique = ["studied_event", "place", "topic"]


declare(
    outward_concept=Meaning("Concept of outward_usd, a column of mart.fdi"),
    inward_concept=Meaning("Concept of inward_usd, a column of mart.fdi"),
    is_same_concept=Meaning("True if both sides follow one standard; otherwise they are different things side by side"),
    signs_differ=Meaning("True if one side reports an increase and the other a decrease"),
)


@with_columns(
    text("investor", "investor_name", "host", "host_name")
    | YEAR
    | text("outward_concept", "inward_concept")
    | {
        "is_same_concept": (types.Boolean, field()),
        "outward_usd": (types.Dollars, field(nullable=True)),
        "inward_usd": (types.Dollars, field(nullable=True)),
        "mirror_status": (types.Text, field(isin=["both", "investor_only", "host_only"])),
        "gap_usd": (types.Dollars, field(nullable=True)),
        "relative_gap": (types.Money, field(nullable=True)),
        "signs_differ": (types.Boolean, field(nullable=True)),
        "outward_from": (types.Provenance, field(nullable=True)),
        "inward_from": (types.Provenance, field(nullable=True)),
    }
)
class MartMirrorFdiConcepts(Table):
    """Flows and positions of direct investment as the investor's and the host's statistics have them, one row a pair of concepts; never averaged.

    Choose one pair of concepts before adding. Seen from the other side a gap has the other sign. China's Ministry of Commerce counts
    what was actually used, which no investor reports: its rows are there only beside an investor's figure, with ``is_same_concept`` false. What
    the IMF derives from counterparts is in ``mirror_fdi``.
    """

    class Config:
        name = "mart.mirror_fdi_concepts"
        unique = ["investor", "host", "year", "outward_concept", "inward_concept"]


declare(
    first_year=Meaning("First of the years that are averaged", "year"),
    years=Meaning("How many years are averaged", "years"),
    inflow_usd=Meaning("Mean inflow of direct investment, as UNCTAD publishes it", "USD"),
    world_inflow_usd=Meaning("Mean inflow of the world, as UNCTAD publishes it", "USD"),
    gdp_usd=Meaning("Mean gross domestic product", "USD"),
    world_gdp_usd=Meaning("Mean gross domestic product of the world", "USD"),
    fdi_performance=Meaning("UNCTAD's inward FDI performance index: share in the world's inflow over share in its GDP", "ratio"),
)  # fmt: skip


@with_columns(
    text("place", "place_name")
    | YEAR
    | {"first_year": (types.Integer, field()), "years": (types.BigInteger, field(ge=1, le=3))}
    | {
        name: (types.Dollars, field(nullable=True))
        for name in ("inflow_usd", "world_inflow_usd", "gdp_usd", "world_gdp_usd")
    }
    | {"fdi_performance": (types.Double, field(nullable=True))}
    | text("why_not", nullable=True)
)
class MartFdiPerformance(Table):
    """UNCTAD's inward FDI performance index of economies, over a year and the two before it; negative for disinvestment.

    Above 1 an economy receives more than its share in the world's GDP. Figures are means of three years; ranks differ from those that
    UNCTAD printed, which are of fewer economies and older data.
    """

    class Config:
        name = "mart.fdi_performance"
        unique = ["place", "year"]


declare(
    weighted_by=Meaning("What a province weighs: its population, its GDP, or each alike"),
    provinces=Meaning("Provinces that have both figures", "places"),
    left_out_provinces=Meaning(
        "Place codes of the provinces that lack a figure, separated by semicolons; NULL where all 31 have both"
    ),
    **{
        f"theil_{index}{part}": Meaning(f"Theil's {index.upper()} over provinces{words}")
        for index in "tl"
        for part, words in (
            ("", ""),
            ("_between", ", the part between the four official regions"),
            ("_within", ", the part within them"),
        )
    },
)


@with_columns(
    text("topic")
    | YEAR
    | text("weighted_by")
    | {"provinces": (types.BigInteger, field(ge=20, le=31))}
    | text("left_out_provinces", nullable=True)
    | {
        f"theil_{index}{part}": (types.Double, field(nullable=True))
        for index in "tl"
        for part in ("", "_between", "_within")
    }
)
class MartInequality(Table):
    """Inequality of China's provinces in trade, investment and transport, between and within its four official regions.

    The four regions (East, Central, West, Northeast) are a partition of the 31 provinces. A year is there where at least 20 provinces have both
    figures; compare years with the same ``provinces`` only. Theil's L is NULL where a province has none of the topic.
    """

    class Config:
        name = "mart.inequality"
        unique = ["topic", "year", "weighted_by"]


declare(
    base=Meaning("What the size of a place is measured by: gdp or goods_trade"),
    place_amount=Meaning("The topic in the province or city, in its unit"),
    place_base=Meaning("The base in the province or city: gross domestic product in CNY, or trade with all partners in USD"),
    country_amount=Meaning("The topic in the country, in its unit: in the provinces that have both figures, or China's trade with Japan (country_basis)"),
    country_basis=Meaning(
        "Whose figures country_amount is: the provinces together; of trade with Japan China's own statistics, or both import statistics where China's exports to Japan are not "
        "loaded, which are larger (freight, goods through Hong Kong), so that the quotient is too low"
    ),
    country_base=Meaning("The base in the country, in the unit of place_base"),
    location_quotient=Meaning("place_amount over place_base, over country_amount over country_base: 1 where the province has as much as the country for its size", "ratio"),
)  # fmt: skip


@with_columns(
    text("topic", "base", "place", "place_name")
    | YEAR
    | {name: (types.Double, field()) for name in ("place_amount", "place_base", "country_amount", "country_base")}
    | {"country_basis": (types.Text, field(isin=["provinces together", "own statistics", "both import statistics"]))}
    | {"provinces": (types.BigInteger, field(nullable=True, ge=20, le=31))}
    | {"location_quotient": (types.Double, field(nullable=True, ge=0))}
    | text("datasets")
)
class MartLocationQuotient(Table):
    """How much more of something a Chinese province has than its size lets expect: exports, investment, roads over GDP, trade with Japan over all trade.

    With the base ``gdp`` the country is those provinces together that have both figures (``provinces``, at least 20 of 31). With ``goods_trade`` it is
    China: trade with Japan, over trade with all partners, by China Customs or, where that is not loaded, the World Bank. Where China's own exports to Japan
    are not loaded, Japan's imports stand in (``country_basis``), and the quotient is too low, in 2019 by 8 per cent.
    """

    class Config:
        name = "mart.location_quotient"
        unique = ["topic", "base", "place", "year"]


_CORRIDOR_VALUES: dict[str, Declared] = {
    **{
        name: (types.TradeValue, field(nullable=True))
        for name in (
            "exports_usd", "imports_usd", "trade_balance_usd", "partner_imports_usd", "partner_exports_usd", "both_import_balance_usd",
        )
    },
    **{
        name: (types.Double, field(nullable=True))
        for name in (
            "exports_share", "imports_share", "exports_percent_change", "imports_percent_change", "exports_growth_contribution",
        )
    },
    "exports_is_seam": (types.Boolean, field()),
    "imports_is_seam": (types.Boolean, field()),
    **{
        name: (types.Double, field(nullable=True))
        for name in ("trade_intensity_of_world", "trade_intensity_without_own", "grubel_lloyd_of_chapters")
    },
}  # fmt: skip
_CORRIDOR_FDI = (
    "mofcom_utilised", "bop_inward", "bop_outward", "bop_assets", "bop_liabilities", "unctad_inflow", "unctad_outflow", "position_inward",
    "position_outward", "partner_position_outward", "partner_position_inward",
)  # fmt: skip
declare(
    trade_balance_usd=Meaning("exports_usd less imports_usd, both by the place's own statistics", "USD"),
    partner_imports_usd=Meaning("The same exports as the partner's import statistics have them", "USD"),
    partner_exports_usd=Meaning("The same imports as the partner's export statistics have them", "USD"),
    both_import_balance_usd=Meaning("partner_imports_usd less imports_usd: the balance by both sides' import statistics", "USD"),
    exports_share=Meaning("Share in the place's published total of exports", "ratio"),
    imports_share=Meaning("Share in the place's published total of imports", "ratio"),
    exports_percent_change=Meaning("Change of exports_usd on the year before; see exports_is_seam", "percent"),
    imports_percent_change=Meaning("Change of imports_usd on the year before; see imports_is_seam", "percent"),
    exports_growth_contribution=Meaning("What the partner adds to the growth of the place's exports", "ratio"),
    exports_is_seam=Meaning("True if exports_usd of the year before is of another release or dataset"),
    imports_is_seam=Meaning("True if imports_usd of the year before is of another release or dataset"),
    trade_intensity_of_world=Meaning("The partner's share in the place's exports over its share in the world's, by BACI", "ratio"),
    trade_intensity_without_own=Meaning("The same over the partner's share in the imports of the world without the place, by BACI", "ratio"),
    grubel_lloyd_of_chapters=Meaning("Trade-weighted Grubel-Lloyd index over chapters of the Harmonized System, by the place's statistics; there where chapters reach 0.9 of all goods both ways", "ratio"),
    partner_position_outward_usd=Meaning("position_inward_usd as the partner's outward statistics have it", "USD"),
    partner_position_inward_usd=Meaning("position_outward_usd as the partner's inward statistics have it", "USD"),
    mofcom_utilised_percent_change=Meaning("Change of mofcom_utilised_usd on the year before; see mofcom_utilised_is_seam", "percent"),
    mofcom_utilised_is_seam=Meaning("True if mofcom_utilised_usd of the year before is of another release or dataset"),
    distance_km=Meaning("Distance between the places, weighted with the population of their cities (CEPII)", "km"),
)  # fmt: skip


@with_columns(
    text("place", "place_name", "partner", "partner_name")
    | YEAR
    | _CORRIDOR_VALUES
    | {f"{name}_usd": (types.Dollars, field(nullable=True)) for name in _CORRIDOR_FDI}
    | {
        "mofcom_utilised_percent_change": (types.Double, field(nullable=True)),
        "mofcom_utilised_is_seam": (types.Boolean, field()),
        "distance_km": (types.Kilometres, field(nullable=True)),
    }
    | text("provenance")
)
class MartCorridorProfile(Table):
    """One row a pair and year, from the side of ``place``: its trade and investment with the partner, what the partner publishes of the same, and measures.

    Investment columns are those of ``place`` as reporter, with the partner as counterpart. The same trade stands in two rows, once from each
    side: choose the side before adding. A change across a seam (``…_is_seam``) is of two releases and no growth; over a base near zero there is none.
    """

    class Config:
        name = "mart.corridor_profile"
        unique = ["place", "partner", "year"]


_EFFECTS = {
    "distance": "the logarithm of distance, an elasticity",
    "contiguous": "a common border",
    "common_language": "a common official language",
    "colonial_tie": "a colonial tie, ever",
}
declare(
    pairs=Meaning("Pairs of economies that the model is fitted to, those without trade among them", "pairs"),
    exporters=Meaning("Exporters that the model is fitted to", "economies"),
    importers=Meaning("Importers that the model is fitted to", "economies"),
    fitted_with=Meaning("Library and version that fitted the model"),
    trade_usd=Meaning("Trade of the pair in all goods, by BACI; 0 where it lists none, also of two economies neither of which reports, whom BACI's files do not tell apart", "USD"),
    expected_usd=Meaning("What the gravity model gives: the effects of exporter and importer, distance and ties", "USD"),
    trade_over_expected=Meaning("trade_usd over expected_usd: below 1 the pair trades less than expected", "ratio"),
    expected_gap_usd=Meaning("trade_usd less expected_usd", "USD"),
    weighted_distance_km=Meaning("Distance of the pair in the model, weighted with the population of cities (CEPII)", "km"),
    **{f"{name}_effect": Meaning(f"Effect of {words}, on the logarithm of expected trade") for name, words in _EFFECTS.items()},
    **{f"{name}_error": Meaning(f"Standard error of {name}_effect, robust to unequal variance") for name in _EFFECTS},
)  # fmt: skip


@with_columns(
    YEAR
    | {name: (types.BigInteger, field(ge=0)) for name in ("pairs", "exporters", "importers")}
    | {f"{name}_{of}": (types.Double, field(nullable=True)) for name in _EFFECTS for of in ("effect", "error")}
    | text("fitted_with", "why_not", nullable=True)
)
class MartGravityModel(Table):
    """The gravity model of each year of trade reconciled by BACI: the effects of distance and ties, or why nothing was fitted.

    Poisson pseudo maximum likelihood with an effect of each exporter and importer, each year by itself. The library that fits it is an
    optional extra: where it is not installed, ``why_not`` says so.
    """

    class Config:
        name = "mart.gravity_model"
        unique = ["year"]


@with_columns(
    text("exporter", "exporter_name", "importer", "importer_name")
    | YEAR
    | {name: (types.TradeValue, field(ge=0)) for name in ("trade_usd", "expected_usd")}
    | {"trade_over_expected": (types.Double, field(ge=0)), "expected_gap_usd": (types.TradeValue, field())}
    | {"weighted_distance_km": (types.Kilometres, field(gt=0))}
)
class MartGravityGap(Table):
    """Which corridors trade less than expected: trade of each pair against the gravity model of its year (``gravity_model``).

    Expected trade adds up to the actual total of each exporter and of each importer, so that a gap says where trade goes, not whether there is little of
    it. A gap has many causes that the model does not know, among them trade through third places. What was known at a past moment
    (``--as-of``) is not fitted again: then there are no rows.
    """

    class Config:
        name = "mart.gravity_gap"
        unique = ["exporter", "importer", "year"]


VIEWS: tuple[type[Table], ...] = (
    MartTradeByMethod, MartDisparity, MartNortheastShares, MartEventStudy, MartMirrorFdiConcepts, MartFdiPerformance, MartInequality, MartLocationQuotient,
    MartCorridorProfile, MartGravityModel, MartGravityGap,
)  # fmt: skip
