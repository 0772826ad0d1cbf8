"""From which figures the values of facts come: one entry for each mart.

The macros ``figures_of_<mart>`` (warehouse/sql/readings/50_figures_of.sql), ``meta.lineage`` and ``entrepot trace`` are made
from these lists. In SQL texts "c" is a cell of a fact (shared/facts.sql) or a row of the mart, and "f" a figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas import profile, topics


@dataclass(frozen=True)
class Way:
    """One method by which a value is found: the figures it is made of meet ``condition``."""

    method: str
    condition: str


@dataclass(frozen=True)
class CellLineage:
    """A fact mart that is made of cells with two axes, where a residual row is a total less its members.

    ``key`` are the columns of the mart that identify a row: the parameters of the macro. ``cells`` is the
    relation of cells with the columns ``keys``, "a", "b", "measure", "value" and "origin". ``columns`` gives the
    value column of each measure; ``named`` the column of the mart for a key or axis, where it has another name. Figures belong to a
    cell where ``joined`` holds and, by the cell's method, the condition of one of ``ways``. Where several choices of figures meet
    them, told apart by ``alternative``, those are meant whose sum is the value; ``sign`` is how a figure counts in it.
    """

    mart: str
    figures: str
    key: tuple[str, ...]
    cells: str
    keys: tuple[str, ...]
    columns: Mapping[str, str]
    named: Mapping[str, str]
    joined: str
    ways: tuple[Way, ...]
    alternative: str
    amount: str = "value_usd"
    sign: str = "1"

    def term(self, column: str) -> str:
        """The name of a column of the mart among the columns of the cells."""
        return {name: term for term, name in self.named.items()}.get(column, column)


@dataclass(frozen=True)
class RowLineage:
    """A fact mart each row of which is from figures that meet ``condition``. ``columns`` are its value columns.

    ``joins`` are further tables in the condition, which may also use the name of the value column, ``n.column_name``. ``sign`` is how a figure counts in the value, NULL where it is not added.
    """

    mart: str
    figures: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    condition: str
    method: str = "'published'"
    joins: str = ""
    sign: str = "1"


@dataclass(frozen=True)
class FactOf:
    """The rows of a fact that a value of a reading comes from.

    ``where`` gives a condition on the fact's row "t" and the reading's row "r"; ``applies`` one on the reading's row alone.
    """

    mart: str
    column: str
    where: str
    applies: str = "true"


@dataclass(frozen=True)
class ReadingLineage:
    """A mart that reads facts: of each value column the facts it comes from."""

    mart: str
    columns: Mapping[str, tuple[FactOf, ...]]


_OF_DATASET = "f.source = c.origin.source AND f.dataset = c.origin.dataset AND f.value_usd IS NOT NULL"


def _place(axis: str, whole: str = "WLD") -> str:
    """The place that a value on an axis means: the published total is that of the whole."""
    return f"CASE c.{axis} WHEN '_T' THEN '{whole}' ELSE c.{axis} END"


#: How all goods of a year are found (core.trade_year).
_TRADE_YEAR = (
    Way("published", "f.is_preferred AND f.freq = 'A' AND f.product = 'TOTAL'"),
    Way("cumulated to December", "f.is_preferred AND f.freq = 'YTD' AND f.period LIKE '%-12' AND f.product = 'TOTAL'"),
    Way("sum of chapters", "f.is_preferred AND f.freq = 'A' AND f.product_level = 'chapter'"),
    Way("sum of twelve months", "f.is_preferred AND f.freq = 'M' AND f.product = 'TOTAL'"),
)
_TRADE_ALTERNATIVE = (
    "CASE c.origin.method WHEN 'sum of twelve months' THEN '' WHEN 'sum of chapters' THEN f.classification "
    "ELSE concat_ws('|', f.classification, f.basis, f.valuation, f.currency, f.edition) END"
)
_FLOWS = {f"{flow}s": f"{flow}s_usd" for flow in ("export", "import", "re_export", "re_import")}


def _all_goods_of_year(total: str, ways: tuple[Way, ...], part: str) -> tuple[Way, ...]:
    """Ways of a mart whose cells are, where ``total`` holds, all goods of a year, and otherwise a published figure with ``part``."""
    return tuple(
        Way(way.method, f"CASE WHEN {total} THEN {way.condition} ELSE {part if way.method == 'published' else 'false'} END")
        for way in ways
    )  # fmt: skip


def _trade_by_product(name: str) -> CellLineage:
    return CellLineage(
        mart=name,
        figures="core.trade_figures",
        key=("reporter", "partner", "classification", "product", "year"),
        cells=f"core.{name}_cell",
        keys=("reporter", "year", "classification"),
        columns=_FLOWS,
        named={"a": "product", "b": "partner"},
        joined=f"f.reporter = c.reporter AND f.partner = {_place('b')} AND f.year = c.year AND f.flow || 's' = c.measure AND {_OF_DATASET}",
        ways=_all_goods_of_year(
            "c.a = '_T'",
            _TRADE_YEAR,
            "f.is_preferred AND f.freq = 'A' AND f.classification = c.classification AND f.product = c.a",
        ),
        alternative=_TRADE_ALTERNATIVE,
    )


_FDI_CONCEPTS = (
    "mofcom_utilised", "mofcom_contracted", "mofcom_cumulative", "bop_liabilities", "bop_assets", "bop_inward", "bop_outward",
    "unctad_inflow", "unctad_outflow", "unctad_instock", "unctad_outstock", "position_inward", "position_outward",
    "position_inward_by_counterpart", "position_outward_by_counterpart", "position_liabilities", "position_assets",
)  # fmt: skip
_MEASURE_OF_FDI = (
    "CASE WHEN f.concept IN ('mofcom_utilised', 'mofcom_contracted') AND f.accounting = 'flow' AND f.direction = 'inward' THEN f.concept "
    "WHEN f.concept = 'mofcom_cumulative_utilised' THEN 'mofcom_cumulative' "
    "WHEN f.concept = 'bop' AND f.accounting = 'flow' AND f.derivation = 'reported' THEN 'bop_' || f.direction "
    "WHEN f.concept = 'unctad' AND f.derivation = 'reported' THEN CASE f.accounting WHEN 'flow' THEN CASE f.direction WHEN 'inward' THEN 'unctad_inflow' ELSE 'unctad_outflow' END "
    "WHEN 'position' THEN CASE f.direction WHEN 'inward' THEN 'unctad_instock' ELSE 'unctad_outstock' END END "
    "WHEN f.concept = 'direct_investment_position' "
    "THEN 'position_' || f.direction || CASE f.derivation WHEN 'reported' THEN '' ELSE '_by_counterpart' END END"
)
_WHOLE_INVESTMENT = "f.is_preferred AND f.instrument = 'total' AND f.industry = 'TOTAL'"
_FDI_YEAR = (
    Way("published", "f.freq = 'A'"),
    Way("cumulated to December", "f.freq = 'YTD' AND f.period LIKE '%-12'"),
    Way("end of the year", "f.accounting = 'position' AND (f.period LIKE '%-Q4' OR (f.freq = 'M' AND f.period LIKE '%-12'))"),
    Way("sum of four quarters", "f.accounting = 'flow' AND f.freq = 'Q'"),
    Way("sum of twelve months", "f.accounting = 'flow' AND f.freq = 'M'"),
)  # fmt: skip
_FDI_ALTERNATIVE = "f.principle || CASE WHEN c.origin.method LIKE 'sum of%' THEN '' ELSE concat_ws('|', f.derivation, f.sector_scope, f.period, f.edition) END"
_CHINA_BY_ORIGIN = """(
    SELECT year, reporter AS a, CASE counterpart WHEN 'WLD' THEN '_T' ELSE counterpart END AS b, measure, value, origin
    FROM core.fdi_year
    WHERE reporter = 'CHN' AND measure = 'mofcom_utilised' AND (counterpart = 'WLD' OR EXISTS (
        FROM mart.fdi_china_by_origin AS o WHERE o.origin = counterpart AND o.year = fdi_year.year AND o.origin <> '_X'))
)"""
_PROVINCE_BASES = {"operator": "operator_location", "goods_place": "goods_place", "unknown_basis": "unknown"}
_PROVINCE_FLOWS = {
    **{f"{flow}_by_{basis}": f"{flow}_by_{basis}_usd" for flow in ("exports", "imports") for basis in _PROVINCE_BASES},
    "exports_and_imports": "exports_and_imports_usd",
}
_PROVINCE_CONCEPTS = ("utilised", "other_investment", "utilised_cumulative", "stated_cumulative", "fdi_proper", "foreign_exchange_administration")  # fmt: skip
_MEASURE_OF_PROVINCE_FDI = (
    "CASE f.concept WHEN 'province_utilised' THEN 'utilised' WHEN 'mofcom_utilised' THEN 'utilised' "
    "WHEN 'province_other_investment' THEN 'other_investment' WHEN 'province_cumulative_utilised' THEN 'utilised_cumulative' "
    "WHEN 'province_cumulative_stated' THEN 'stated_cumulative' WHEN 'province_fdi_proper' THEN 'fdi_proper' "
    "WHEN 'province_safe' THEN 'foreign_exchange_administration' END"
)
# A province's own count before the Ministry's.
_PROVINCE_FDI_ALTERNATIVE = "concat_ws('|', CASE f.concept WHEN 'mofcom_utilised' THEN 1 ELSE 0 END, f.principle, f.derivation, f.sector_scope, f.edition)"
_COUNTING_UNITS = (
    "bases", "registered_companies", "approved_companies", "operating_companies", "parent_companies", "companies_stated",
    "club_members", "residents",
)  # fmt: skip

CELLS = (
    CellLineage(
        mart="trade",
        figures="core.trade_figures",
        key=("reporter", "partner", "year"),
        cells="core.trade_cell",
        keys=("year",),
        columns=_FLOWS,
        named={"a": "reporter", "b": "partner"},
        joined=f"f.reporter = {_place('a')} AND f.partner = {_place('b')} AND f.year = c.year AND f.flow || 's' = c.measure AND {_OF_DATASET}",
        ways=_TRADE_YEAR,
        alternative=_TRADE_ALTERNATIVE,
    ),
    _trade_by_product("trade_chapters"),
    _trade_by_product("trade_subheadings"),
    CellLineage(
        mart="trade_months",
        figures="core.trade_figures",
        key=("reporter", "partner", "month", "year"),
        cells="core.trade_months_cell",
        keys=("reporter", "year"),
        columns=_FLOWS,
        named={"a": "month", "b": "partner"},
        joined=f"f.reporter = c.reporter AND f.partner = {_place('b')} AND f.year = c.year AND f.flow || 's' = c.measure AND {_OF_DATASET}",
        ways=(
            *_all_goods_of_year(
                "c.a = '_T'", _TRADE_YEAR, "f.is_preferred AND f.freq = 'M' AND f.product = 'TOTAL' AND f.period = c.a"
            ),
            Way(
                "difference of cumulative figures",
                "f.freq = 'YTD' AND f.product = 'TOTAL' AND (f.period = c.a OR f.period = strftime(TRY_CAST(c.a || '-01' AS DATE) - INTERVAL 1 MONTH, '%Y-%m'))",
            ),
        ),
        alternative=f"CASE WHEN c.origin.method = 'difference of cumulative figures' THEN f.valuation || f.currency ELSE {_TRADE_ALTERNATIVE} END",
        sign="CASE WHEN c.origin.method = 'difference of cumulative figures' AND f.period <> c.a THEN -1 ELSE 1 END",
    ),
    CellLineage(
        mart="trade_provinces",
        figures="core.trade_figures",
        key=("province", "partner", "year"),
        cells="core.trade_provinces_cell",
        keys=("year",),
        columns=_PROVINCE_FLOWS,
        named={"a": "province", "b": "partner"},
        joined=f"f.reporter = {_place('a', 'CN_31_PROVINCES')} AND f.partner = {_place('b')} AND f.year = c.year AND {_OF_DATASET} AND c.measure = "
        "CASE f.flow WHEN 'export_and_import' THEN 'exports_and_imports' ELSE f.flow || 's_by_' || "
        "CASE f.basis WHEN 'operator_location' THEN 'operator' WHEN 'goods_place' THEN 'goods_place' ELSE 'unknown_basis' END END",
        ways=(Way("published", "f.is_preferred AND f.freq = 'A' AND f.product = 'TOTAL'"),),
        alternative="concat_ws('|', f.classification, f.basis, f.valuation, f.currency, f.edition)",
    ),
    CellLineage(
        mart="trade_cities",
        figures="core.trade_figures",
        key=("city", "partner", "year"),
        cells="core.trade_cities_cell",
        keys=("year",),
        columns={name: f"{name}_usd" for name in ("exports", "imports", "exports_and_imports")},
        named={"a": "city", "b": "partner"},
        joined=f"f.reporter = c.a AND f.partner = {_place('b')} AND f.year = c.year AND {_OF_DATASET} "
        "AND c.measure = CASE f.flow WHEN 'export_and_import' THEN 'exports_and_imports' ELSE f.flow || 's' END",
        ways=(Way("published", "f.is_preferred AND f.freq = 'A' AND f.product = 'TOTAL'"),),
        alternative="concat_ws('|', f.classification, f.basis, f.valuation, f.currency, f.edition)",
    ),
    CellLineage(
        mart="fdi",
        figures="mart.fdi_figures",
        key=("reporter", "counterpart", "year"),
        cells="core.fdi_cell",
        keys=("year",),
        columns={name: f"{name}_usd" for name in _FDI_CONCEPTS},
        named={"a": "reporter", "b": "counterpart"},
        joined=f"f.reporter = {_place('a')} AND f.counterpart = {_place('b')} AND f.year = c.year AND {_OF_DATASET} "
        f"AND {_WHOLE_INVESTMENT} AND c.measure = {_MEASURE_OF_FDI}",
        ways=_FDI_YEAR,
        alternative=_FDI_ALTERNATIVE,
    ),
    CellLineage(
        mart="fdi_provinces",
        figures="mart.fdi_figures",
        key=("province", "origin", "year"),
        cells="core.fdi_provinces_cell",
        keys=("year",),
        columns={name: f"{name}_usd" for name in _PROVINCE_CONCEPTS},
        named={"a": "province", "b": "origin"},
        joined=f"f.reporter = {_place('a', 'CN_31_PROVINCES')} AND f.counterpart = {_place('b')} AND f.year = c.year AND {_OF_DATASET} "
        f"AND {_WHOLE_INVESTMENT} AND f.direction = 'inward' AND c.measure = {_MEASURE_OF_PROVINCE_FDI}",
        ways=(Way("published", "f.freq = 'A'"),),
        alternative=_PROVINCE_FDI_ALTERNATIVE,
    ),
    CellLineage(
        mart="fdi_cities",
        figures="mart.fdi_figures",
        key=("city", "origin", "year"),
        cells="core.fdi_cities_cell",
        keys=("year",),
        columns={name: f"{name}_usd" for name in _PROVINCE_CONCEPTS},
        named={"a": "city", "b": "origin"},
        joined=f"f.reporter = c.a AND f.counterpart = {_place('b')} AND f.year = c.year AND {_OF_DATASET} "
        f"AND {_WHOLE_INVESTMENT} AND f.direction = 'inward' AND c.measure = {_MEASURE_OF_PROVINCE_FDI}",
        ways=(Way("published", "f.freq = 'A'"),),
        alternative=_PROVINCE_FDI_ALTERNATIVE,
    ),
    CellLineage(
        mart="fdi_china_by_origin",
        figures="mart.fdi_figures",
        key=("origin", "year"),
        cells=_CHINA_BY_ORIGIN,
        keys=("year",),
        columns={"mofcom_utilised": "value_usd"},
        named={"b": "origin"},
        joined=f"f.reporter = 'CHN' AND f.counterpart = {_place('b')} AND f.year = c.year AND {_OF_DATASET} AND {_WHOLE_INVESTMENT} "
        "AND f.concept = 'mofcom_utilised' AND f.accounting = 'flow' AND f.direction = 'inward'",
        ways=_FDI_YEAR,
        alternative=_FDI_ALTERNATIVE,
    ),
    CellLineage(
        mart="presence",
        figures="mart.presence_figures",
        key=("economy", "place", "origin", "origin_region", "year"),
        cells="core.presence_cell",
        keys=("economy", "origin_economy", "year"),
        columns={name: name for name in _COUNTING_UNITS},
        named={"a": "place", "b": "origin_region", "origin_economy": "origin"},
        joined="f.place = CASE c.a WHEN '_T' THEN c.economy ELSE c.a END AND f.origin = CASE c.b WHEN '_T' THEN c.origin_economy ELSE c.b END "
        "AND f.year = c.year AND f.counting_unit = c.measure AND f.source = c.origin.source AND f.dataset = c.origin.dataset",
        ways=(Way("published", "f.is_preferred AND f.freq = 'A' AND f.value IS NOT NULL"),),
        alternative="f.edition::VARCHAR",
        amount="value",
    ),
)  # fmt: skip

_SAME_INDICATOR = (
    "f.place = c.place AND f.indicator = c.indicator AND f.unit = c.unit_as_published AND f.year = c.year "
    "AND f.freq = 'A' AND f.is_preferred AND f.value IS NOT NULL"
)
_MILESTONE = (
    "c.milestone = f.kind || ':' || CASE WHEN f.kind = 'sister_tie' THEN least(f.place, f.counterpart) || '/' || greatest(f.place, f.counterpart) ELSE f.name END "
    "AND f.source = c.source AND f.dataset = c.dataset AND f.artifact = c.artifact"
)
_OPENING = ("opened_on", "opened_from", "opened_to", "year")

ROWS = (
    *(
        RowLineage(name, "mart.indicator_figures", ("place", "indicator", "unit", "year"), ("value", "value_usd"), _SAME_INDICATOR)
        for name in ("indicator", "indicator_one_release")
    ),
    RowLineage(
        mart="trade_reconciled",
        figures="mart.trade_figures",
        key=("exporter", "importer", "classification", "product", "year"),
        columns=("value_usd", "net_weight_kg"),
        condition="f.measurement = 'reconciled' AND f.reporter = c.exporter AND f.partner = c.importer AND f.classification = c.classification "
        "AND f.product = c.product AND f.year = c.year AND f.dataset = c.dataset AND f.artifact = c.artifact",
        method="'reconciled'",
    ),
    RowLineage(
        mart="exchange_rates",
        figures="mart.indicator_figures",
        key=("currency", "period"),
        columns=("average", "end_of_period", "average_exact", "end_of_period_exact"),
        joins="CROSS JOIN LATERAL (SELECT CASE WHEN starts_with(n.column_name, 'average') THEN 'avg' ELSE 'eop' END AS fx_kind, "
        "CASE WHEN starts_with(n.column_name, 'average') THEN c.average_from ELSE c.end_of_period_from END AS origin, "
        "CASE WHEN starts_with(n.column_name, 'average') THEN c.average_exact ELSE c.end_of_period_exact END AS rate) AS k "
        "JOIN ref.indicator AS i ON i.fx_kind = k.fx_kind AND i.fx_base IS NOT NULL",
        condition="f.indicator = i.indicator AND f.source = k.origin.source AND f.dataset = k.origin.dataset "
        "AND f.period = c.period AND f.freq = c.freq "
        "AND CASE k.origin.method WHEN 'as_printed' THEN f.unit = c.currency || ' per USD' AND f.value = k.rate "
        "WHEN 'turned_round' THEN f.unit = 'USD per ' || c.currency AND core.ratio(1, f.value) = k.rate "
        "ELSE f.unit IN (c.currency || ' per EUR', 'USD per EUR') END",
        method="k.origin.method",
        sign="NULL",
    ),
    RowLineage(
        "milestones", "mart.milestone_figures", ("milestone",), (*_OPENING, "length_km", "design_speed_kmh"), _MILESTONE, sign="NULL"
    ),
    RowLineage(
        "milestone_places", "mart.milestone_figures", ("milestone", "place"), (*_OPENING, "length_there_km", "design_speed_kmh"), _MILESTONE, sign="NULL"
    ),
)  # fmt: skip

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

#: Marts that are figures themselves.
FIGURES = (
    "trade_figures", "fdi_figures", "fdi_rate", "indicator_figures", "pair", "presence_figures", "visits", "milestone_figures",
)  # fmt: skip
#: The columns that say which thing in the world a figure is about: figures that have them in common are of one cell.
SAME_CELL = {
    "trade": "reporter, partner, flow, basis, classification, product, freq, period",
    "fdi": "concept, accounting, direction, principle, instrument, derivation, reporter, counterpart, industry, freq, period",
    "indicator": "place, indicator, unit, freq, period",
    "presence": "place, origin, counting_unit, freq, period",
}
#: Marts that count or compare figures and have no value of their own to trace, with where to look instead.
NOT_TRACED = {
    "trade_months_derived": "is made of cumulative and monthly rows of trade_figures: trace the figure there",
    "revisions": "compares versions of figures: trace the figure of its cell in the …_figures marts",
    "revisions_by_source": "counts rows of revisions: trace the figure of a cell there",
    "coverage": "counts figures: trace a figure in the …_figures marts",
    "claims": "gives verdicts: entrepot claims --why shows the figures of each, and trace the printed row of one",
    "gravity_gap": "compares with a model of all pairs of a year: trace the rows of the pair in trade_reconciled",
    "gravity_model": "is fitted to all pairs of a year: trace the rows of a pair in trade_reconciled",
    "northeast_shares": "sets values of disparity of near years against each other: trace them there",
    "question": "lists questions: trace the values that its query gives",
    "freshness": "says how new datasets are: trace a figure in the …_figures marts",
}

FACTS: dict[str, CellLineage | RowLineage] = {
    **{cells.mart: cells for cells in CELLS},
    **{row.mart: row for row in ROWS},
}


def described() -> list[tuple[str, str, str, str, str]]:
    """The rows of meta.lineage: mart, value column, where from, method, condition as text."""
    rows: list[tuple[str, str, str, str, str]] = []
    for cells in CELLS:
        rows += [
            (cells.mart, column, cells.figures, way.method, f"{cells.joined} AND c.measure = '{measure}' AND {way.condition}")
            for measure, column in cells.columns.items()
            for way in cells.ways
        ]  # fmt: skip
    for row in ROWS:
        rows += [(row.mart, column, row.figures, "published", row.condition) for column in row.columns]
    for reading in READINGS:
        rows += [
            (reading.mart, column, f"mart.{fact.mart}", f"{fact.column} of a fact", f"{fact.where} AND {fact.applies}")
            for column, facts in reading.columns.items()
            for fact in facts
        ]
    return rows
