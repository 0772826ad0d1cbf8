"""From which figures the values of facts come: one entry for each fact."""

from schemas.lineage.kinds import CellLineage, RowLineage, Way

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
