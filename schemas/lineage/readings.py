"""From which facts the values of readings come: one entry for each reading."""

from collections.abc import Iterator

from schemas import profile, topics
from schemas.lineage.kinds import FactOf, ReadingLineage

_IMPORTS = FactOf("trade", "imports_usd", "t.reporter = r.importer AND t.partner = r.exporter AND t.year = r.year")  # fmt: skip
_OPPOSITE = FactOf("trade", "imports_usd", "t.reporter = r.exporter AND t.partner = r.importer AND t.year = r.year")  # fmt: skip


def _side_of_trade(column: str, reporter: str, partner: str) -> tuple[FactOf, ...]:
    """The facts that one side of mirror_trade may be: all goods, a chapter or a subheading."""
    same = f"t.reporter = r.{reporter} AND t.partner = r.{partner} AND t.year = r.year"
    product = " AND t.classification = r.classification AND t.product = r.product"
    return (
        FactOf("trade", column, same, "r.product = 'TOTAL'"),
        FactOf("trade_chapters", column, same + product, "length(r.product) = 2"),
        FactOf("trade_subheadings", column, same + product, "length(r.product) = 6"),
    )


def _side_of_fdi(direction: str, reporter: str, counterpart: str) -> tuple[FactOf, ...]:
    """The facts that one side of mirror_fdi may be: its own report, or what the other's report implies."""
    other = {"outward": "inward", "inward": "outward"}[direction]
    year = "t.year = r.year"
    return (
        FactOf("fdi", f"position_{direction}_usd", f"t.reporter = r.{reporter} AND t.counterpart = r.{counterpart} AND {year}",
               f"NOT r.{direction}_is_derived"),
        FactOf("fdi", f"position_{other}_by_counterpart_usd", f"t.reporter = r.{counterpart} AND t.counterpart = r.{reporter} AND {year}",
               f"r.{direction}_is_derived"),
    )  # fmt: skip


_EXPORT = _side_of_trade("exports_usd", "exporter", "importer")
_IMPORT = _side_of_trade("imports_usd", "importer", "exporter")
_OUTWARD = _side_of_fdi("outward", "investor", "host")
_INWARD = _side_of_fdi("inward", "host", "investor")


def _of_measure(measure: profile.Measure) -> tuple[FactOf, ...]:
    """The facts of a measure of the profile of provinces."""
    place = "place" if measure.mart in ("indicator", "presence") else "province"
    rows = " AND ".join(
        [f"t.{place} = r.place", "t.year = r.year", *(f"t.{c} = '{v}'" for c, v in measure.where.items())]
    )
    return (FactOf(measure.mart, measure.value, rows),)


_VISITS = (
    FactOf(
        "visits",
        "event",
        "year(t.started_on) = r.year AND EXISTS (FROM ref.place AS k WHERE (k.place = r.place OR k.parent = r.place) "
        "AND list_contains(list_append(string_split(coalesce(t.held_in, t.place), ';'), t.place), k.place))",
    ),
)
_OF_PROVINCE = "EXISTS (FROM ref.place AS k WHERE (k.place = r.place OR k.parent = r.place) AND list_contains(string_split(t.places, ';'), k.place))"
_TIES = (FactOf("milestones", "year", f"t.kind = 'sister_tie' AND {_OF_PROVINCE} AND (t.year IS NULL OR t.year <= r.year)"),)  # fmt: skip
_PROVINCE: dict[str, tuple[FactOf, ...]] = {
    **{measure.name: _of_measure(measure) for measure in profile.MEASURES},
    "free_trade_zone_since": (FactOf("milestone_places", "year", "t.kind = 'free_trade_zone' AND t.place = r.place AND t.year = r.free_trade_zone_since"),),
    "sister_ties": _TIES,
    "sister_ties_undated": (FactOf("milestones", "year", f"t.kind = 'sister_tie' AND {_OF_PROVINCE} AND t.year IS NULL"),),
    **dict.fromkeys(("japan_visits", "visits_by_chinese", "visits_by_japanese"), _VISITS),
}  # fmt: skip


def _of_members(column: str) -> tuple[FactOf, ...]:
    return (
        FactOf("province_profile", column, "list_contains(string_split(r.member_places, ';'), t.place) AND t.year = r.year"),
    )  # fmt: skip


_REGION: dict[str, tuple[FactOf, ...]] = {
    **{f"{m.name}{suffix}": _of_members(m.name) for m in profile.MEASURES for suffix in ("", "_partial", "_members")},
    "free_trade_zone_members": _of_members("free_trade_zone_since"),
    **{
        name: _of_members(name)
        for name in ("sister_ties", "sister_ties_undated", "japan_visits", "visits_by_chinese", "visits_by_japanese")
    },
}
#: What mart.concentration measures: the fact, its value column, the column of the place, and further conditions.
_SUBJECTS = {
    "exports by partner": ("trade", "exports_usd", "reporter", ""),
    "imports by partner": ("trade", "imports_usd", "reporter", ""),
    "exports by chapter": ("trade_chapters", "exports_usd", "reporter", ""),
    "imports by chapter": ("trade_chapters", "imports_usd", "reporter", ""),
    "MOFCOM utilised investment by origin": ("fdi", "mofcom_utilised_usd", "reporter", ""),
    "inward position by counterpart": ("fdi", "position_inward_usd", "reporter", ""),
    "outward position by counterpart": ("fdi", "position_outward_usd", "reporter", ""),
    "utilised investment by province": ("fdi_provinces", "utilised_usd", "country", ""),
    "exports by province": ("trade_provinces", "exports_by_operator_usd", "country", ""),
    "bases by province": ("presence", "bases", "economy", " AND t.origin = 'JPN'"),
    "registered companies by province": ("presence", "registered_companies", "economy", " AND t.origin = 'JPN'"),
    "parent companies by province": ("presence", "parent_companies", "economy", " AND t.origin = 'JPN'"),
}
_CONCENTRATED = tuple(
    FactOf(name, column, f"t.{place} = r.place AND t.year = r.year{more}", f"r.subject = '{subject}'")
    for subject, (name, column, place, more) in _SUBJECTS.items()
)
_SAME_PAIR = "t.exporter = r.exporter AND t.importer = r.importer AND t.year = r.year AND t.product = 'TOTAL'"
_MIRROR_EXPORT = FactOf("mirror_trade", "export_usd", _SAME_PAIR)
_MIRROR_IMPORT = FactOf("mirror_trade", "import_usd", _SAME_PAIR)
_FREIGHT = FactOf(
    "pair", "value", "t.place = r.importer AND t.counterpart = r.exporter AND t.year = r.year AND t.indicator = 'cif_fob_margin'",
    "r.reconciliation_method = 'oecd_itic'",
)  # fmt: skip
_DISTANCE = FactOf(
    "pair", "value", "t.place = r.importer AND t.counterpart = r.exporter AND t.indicator IN ('distance_weighted', 'contiguous')",
    "r.reconciliation_method IN ('baci_like', 'harvard_like')",
)  # fmt: skip

#: Those among the places and years of mart.disparity that a row is about.
_OF_TOPIC_PLACE = "t.year = r.year AND (t.{place} = r.place OR t.{place} IN (SELECT g.member FROM ref.place_group AS g WHERE g.place_group = r.place))"


def _of_topic(topic: topics.Topic) -> Iterator[FactOf]:
    """What a value of a topic is made of: the marts of provinces, and the figures or facts of the city and of a region as a whole."""
    of_province = f"{_OF_TOPIC_PLACE.format(place=topic.place)} AND {topic.where}"
    for column in topic.of_columns or (topic.column,):
        yield FactOf(topic.mart, column, of_province, f"r.topic = '{topic.name}' AND r.place <> '{topics.CITY}'")
    mart = topic.city_figures.replace("core.", "mart.").removeprefix("mart.")
    place = {"trade_cities": "city", "indicator_figures": "place", "presence_figures": "place"}.get(mart, "reporter")
    preferred = "" if mart == "trade_cities" else " AND t.is_preferred"
    where = topic.city_where.replace("f.", "t.")
    of_city = f"t.year = r.year AND t.{place} = r.place{preferred} AND {where}"
    printed = ", ".join(f"'{one}'" for one in (topics.CITY, *topics.GROUPS))
    for column in topic.of_city_columns or (topic.city_value,):
        yield FactOf(mart, column, of_city, f"r.topic = '{topic.name}' AND r.place IN ({printed})")


_TOPICS = tuple(fact for topic in topics.TOPICS for fact in _of_topic(topic))
_CONCEPTS_COMPARED = (
    ("bop_outward", "bop_inward"), ("bop_assets", "bop_liabilities"), ("unctad_outflow", "unctad_inflow"), ("unctad_outstock", "unctad_instock"),
    ("position_outward", "position_inward"), ("bop_outward", "mofcom_utilised"), ("bop_assets", "mofcom_utilised"), ("unctad_outflow", "mofcom_utilised"),
)  # fmt: skip
_OUTWARD_CONCEPT = tuple(
    FactOf("fdi", f"{concept}_usd", "t.reporter = r.investor AND t.counterpart = r.host AND t.year = r.year", f"r.outward_concept = '{concept}'")
    for concept in dict.fromkeys(outward for outward, _ in _CONCEPTS_COMPARED)
)  # fmt: skip
_INWARD_CONCEPT = tuple(
    FactOf("fdi", f"{concept}_usd", "t.reporter = r.host AND t.counterpart = r.investor AND t.year = r.year", f"r.inward_concept = '{concept}'")
    for concept in dict.fromkeys(inward for _, inward in _CONCEPTS_COMPARED)
)  # fmt: skip

_PERFORMED = "t.year BETWEEN r.first_year AND r.year"
_INFLOW = (FactOf("fdi", "unctad_inflow_usd", f"t.reporter = r.place AND {_PERFORMED}"),)
_WORLD_INFLOW = (FactOf("fdi", "unctad_inflow_usd", _PERFORMED),)
_GDP = (
    FactOf("indicator", "value_usd", f"t.place = r.place AND t.indicator = 'gdp' AND t.unit = 'USD' AND {_PERFORMED}"),
)
_WORLD_GDP = (
    FactOf("indicator", "value_usd", f"t.place = 'WLD' AND t.indicator = 'gdp' AND t.unit = 'USD' AND {_PERFORMED}"),
)

#: All provinces of a topic of mart.inequality, with what they are weighted by.
_PROVINCES = tuple(
    FactOf("province_profile", name, "t.year = r.year", f"'{name}' IN (r.topic, r.weighted_by)")
    for name in ("gdp_cny", "population", *topics.OVER_GDP)
)  # fmt: skip

#: Shares of mart.location_quotient: of the province, of all provinces, and China's trade with Japan and with all partners.
_WITH_JAPAN, _OF_GDP = "r.base = 'goods_trade'", "r.base = 'gdp'"
_QUOTIENT_PART = (
    *(FactOf("province_profile", name, "t.place = r.place AND t.year = r.year", f"r.topic = '{name}'") for name in topics.OVER_GDP),
    *(fact for topic in topics.TOPICS if topic.name == "trade_with_japan_usd" for fact in _of_topic(topic)),
)  # fmt: skip
_QUOTIENT_WHOLE = (
    FactOf("indicator", "value", "t.place = r.place AND t.year = r.year AND t.indicator = 'gdp' AND t.unit = 'CNY'", _OF_GDP),
    FactOf("indicator", "value_usd", "t.place = r.place AND t.year = r.year AND t.indicator = 'goods_trade_total'", _WITH_JAPAN),
)  # fmt: skip
_QUOTIENT_OF_COUNTRY = (
    *(FactOf("province_profile", name, "t.year = r.year", f"r.topic = '{name}'") for name in topics.OVER_GDP),
    FactOf("trade", "imports_usd", "t.reporter = 'CHN' AND t.partner = 'JPN' AND t.year = r.year", _WITH_JAPAN),
    FactOf("trade", "imports_usd", "t.reporter = 'JPN' AND t.partner = 'CHN' AND t.year = r.year", f"{_WITH_JAPAN} AND r.country_basis = 'both import statistics'"),
    FactOf("trade", "exports_usd", "t.reporter = 'CHN' AND t.partner = 'JPN' AND t.year = r.year", f"{_WITH_JAPAN} AND r.country_basis = 'own statistics'"),
)  # fmt: skip
_QUOTIENT_COUNTRY = (
    FactOf("indicator", "value", "t.place LIKE 'CN-__' AND t.year = r.year AND t.indicator = 'gdp' AND t.unit = 'CNY'", _OF_GDP),
    FactOf("indicator", "value_usd", "t.place = 'CHN' AND t.year = r.year AND t.indicator IN ('goods_exports', 'goods_imports')", _WITH_JAPAN),
    *(FactOf("trade", f"{flow}_usd", "t.reporter = 'CHN' AND t.year = r.year", _WITH_JAPAN) for flow in ("exports", "imports")),
)  # fmt: skip


def _of_corridor(mart: str, column: str, own: bool = True, before: bool = False) -> tuple[FactOf, ...]:
    """The row of a fact about a corridor: of the place or of its partner as reporter, of the year or also of the one before."""
    other = "counterpart" if mart == "fdi" else "partner"
    place, partner = ("r.place", "r.partner") if own else ("r.partner", "r.place")
    year = "t.year IN (r.year - 1, r.year)" if before else "t.year = r.year"
    return (FactOf(mart, column, f"t.reporter = {place} AND t.{other} = {partner} AND {year}"),)


_OF_PLACE = "t.reporter = r.place AND t.year IN (r.year - 1, r.year)"
_RECONCILED = (
    FactOf("trade_reconciled", "value_usd", "t.exporter = r.place AND t.importer = r.partner AND t.year = r.year"),
)
_CORRIDOR: dict[str, tuple[FactOf, ...]] = {
    **{f"{flow}_usd": _of_corridor("trade", f"{flow}_usd") for flow in ("exports", "imports")},
    "trade_balance_usd": (*_of_corridor("trade", "exports_usd"), *_of_corridor("trade", "imports_usd")),
    **{f"partner_{flow}_usd": _of_corridor("trade", f"{flow}_usd", own=False) for flow in ("exports", "imports")},
    "both_import_balance_usd": (*_of_corridor("trade", "imports_usd"), *_of_corridor("trade", "imports_usd", own=False)),
    **{f"{flow}_share": (FactOf("trade", f"{flow}_usd", "t.reporter = r.place AND t.year = r.year"),) for flow in ("exports", "imports")},
    **{f"{flow}_percent_change": _of_corridor("trade", f"{flow}_usd", before=True) for flow in ("exports", "imports")},
    "exports_growth_contribution": (FactOf("trade", "exports_usd", _OF_PLACE),),
    **dict.fromkeys(("trade_intensity_of_world", "trade_intensity_without_own"), _RECONCILED),
    "grubel_lloyd_of_chapters": tuple(
        FactOf("trade_chapters", f"{flow}_usd", "t.reporter = r.place AND t.partner = r.partner AND t.year = r.year") for flow in ("exports", "imports")
    ),
    **{
        f"{concept}_usd": _of_corridor("fdi", f"{concept}_usd")
        for concept in ("mofcom_utilised", "bop_inward", "bop_outward", "bop_assets", "bop_liabilities", "unctad_inflow", "unctad_outflow",
                        "position_inward", "position_outward")
    },
    **{f"partner_position_{side}_usd": _of_corridor("fdi", f"position_{side}_usd", own=False) for side in ("inward", "outward")},
    "mofcom_utilised_percent_change": _of_corridor("fdi", "mofcom_utilised_usd", before=True),
    "distance_km": (FactOf("pair", "value", "t.place = r.place AND t.counterpart = r.partner AND t.indicator = 'distance_weighted'"),),
}  # fmt: skip

#: The years around an event, from the facts of the province.
_AROUND = tuple(
    FactOf(topic.mart, column, f"t.{topic.place} = r.place AND abs(t.year - r.year) IN (1, 2) AND {topic.where}", f"r.topic = '{topic.name}'")
    for topic in topics.TOPICS if topic.name in topics.OUTCOMES
    for column in topic.of_columns or (topic.column,)
)  # fmt: skip

READINGS = (
    ReadingLineage(
        "both_import",
        {"value_usd": (_IMPORTS,), "opposite_value_usd": (_OPPOSITE,), "total_usd": (_IMPORTS, _OPPOSITE), "balance_usd": (_IMPORTS, _OPPOSITE)},
    ),
    ReadingLineage(
        "mirror_trade",
        {
            "export_usd": _EXPORT,
            "import_usd": _IMPORT,
            **dict.fromkeys(("gap_usd", "import_to_export", "relative_gap"), (*_EXPORT, *_IMPORT)),
        },
    ),
    ReadingLineage(
        "mirror_fdi",
        {
            "outward_usd": _OUTWARD,
            "inward_usd": _INWARD,
            **dict.fromkeys(("gap_usd", "relative_gap"), (*_OUTWARD, *_INWARD)),
        },
    ),
    ReadingLineage(
        "trade_by_method",
        {
            "export_usd": (_MIRROR_EXPORT,),
            "import_usd": (_MIRROR_IMPORT,),
            **dict.fromkeys(("cif_rate", "import_compared_usd"), (_MIRROR_IMPORT, _FREIGHT, _DISTANCE)),
            **dict.fromkeys(("exporter_weight", "value_usd"), (_MIRROR_EXPORT, _MIRROR_IMPORT, _FREIGHT, _DISTANCE)),
        },
    ),
    ReadingLineage(
        "disparity",
        dict.fromkeys(
            ("members_with_figure", "topic_value", "topic_value_partial", "per_head", "per_gdp_billion", "covered_population_share",
             "share_of_northeast", "northeast_members_with_figure", "per_head_over_northeast"), _TOPICS,
        ),
    ),
    ReadingLineage(
        "event_study",
        dict.fromkeys(
            ("value_before_usd", "value_after_usd", "change_log", "others", "others_change_log", "effect_log", "placebos", "placebos_as_large",
             "placebo_share", "other_events"), _AROUND,
        ),
    ),
    ReadingLineage(
        "mirror_fdi_concepts",
        {
            "outward_usd": _OUTWARD_CONCEPT,
            "inward_usd": _INWARD_CONCEPT,
            **dict.fromkeys(("gap_usd", "relative_gap"), (*_OUTWARD_CONCEPT, *_INWARD_CONCEPT)),
        },
    ),
    ReadingLineage(
        "fdi_performance",
        {
            **dict.fromkeys(("first_year", "years", "inflow_usd"), _INFLOW),
            "world_inflow_usd": _WORLD_INFLOW, "gdp_usd": _GDP, "world_gdp_usd": _WORLD_GDP,
            "fdi_performance": (*_INFLOW, *_WORLD_INFLOW, *_GDP, *_WORLD_GDP),
        },
    ),
    ReadingLineage(
        "inequality",
        dict.fromkeys(("provinces", "theil_t", "theil_t_between", "theil_t_within", "theil_l", "theil_l_between", "theil_l_within"), _PROVINCES),
    ),
    ReadingLineage(
        "location_quotient",
        {
            "place_amount": _QUOTIENT_PART, "place_base": _QUOTIENT_WHOLE, "country_amount": _QUOTIENT_OF_COUNTRY, "country_base": _QUOTIENT_COUNTRY,
            "provinces": _QUOTIENT_OF_COUNTRY,
            "location_quotient": (*_QUOTIENT_PART, *_QUOTIENT_WHOLE, *_QUOTIENT_OF_COUNTRY, *_QUOTIENT_COUNTRY),
        },
    ),
    ReadingLineage("corridor_profile", _CORRIDOR),
    ReadingLineage("province_profile", _PROVINCE),
    ReadingLineage("province_profile_one_release", _PROVINCE),
    ReadingLineage("region_profile", _REGION),
    ReadingLineage(
        "concentration",
        dict.fromkeys(("members", "members_total", "published_total", "covered_share", "hhi", "hhi_normalised", "hhi_unctad", "largest_share"), _CONCENTRATED),
    ),
)  # fmt: skip
