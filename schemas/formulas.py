"""The formulas of the field as SQL macros: what each computes, of which values, and when it answers NULL.

The bodies are in ``warehouse/sql/formulas``. A formula reads no table, so it gives the same in a published file, in one that is
attached under another name, and over a user's own tables. Those with ``over_rows`` are aggregates: ``SELECT year,
hhi(exports_usd) FROM trade … GROUP BY year``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """One macro. ``meaning`` has the formula, its source and when it is NULL."""

    name: str
    parameters: tuple[str, ...]
    meaning: str
    over_rows: bool = False

    @property
    def described(self) -> str:
        """The comment of the macro in the database."""
        rows = " over the rows of a group" if self.over_rows else ""
        return f"{self.name}({', '.join(self.parameters)}){rows}: {self.meaning}"


_PRODUCT = ("exports_of_product", "exports", "world_exports_of_product", "world_exports")
_TWO_YEARS = ("exports_before", "exports_now", "world_before", "world_now")
_GROUPED = ("member", "member_group", "amount", "weight")

FORMULAS: tuple[Formula, ...] = (
    Formula("share_of_total", ("part", "total"),
        "part / total. NULL for a negative part and for a total that is not above zero, of which there are no shares"),
    Formula("percent_change", ("before", "now", "least_base"),
        "100 * (now / before - 1). NULL where before is not above zero, or below least_base (0.01 unless told) times the size of now: "
        "growth over a base near zero says nothing. Take both from one release (is_seam)"),
    Formula("growth_contribution", ("part_before", "part_now", "total_before"),
        "(part_now - part_before) / total_before; the contributions of all parts add up to the growth of the total. NULL where total_before is "
        "not above zero. Over several years it is of the first year's total, never a share of the end times growth"),
    Formula("cagr", ("first_value", "last_value", "years"),
        "Compound annual growth rate, (last_value / first_value) ^ (1 / years) - 1. NULL where first_value or years is not above zero, or "
        "last_value is negative"),
    Formula("rca_balassa", _PRODUCT,
        "Revealed comparative advantage (Balassa): the product's share in the exports over its share in those of the world, for the same "
        "products and year. NULL for a negative value, and where a total, or the world's exports of the product, is not above zero"),
    Formula("rsca_laursen", _PRODUCT,
        "Revealed symmetric comparative advantage (Laursen): (RCA - 1) / (RCA + 1), from -1 to 1. NULL where RCA is"),
    Formula("location_quotient", ("part_of_region", "region", "part_of_country", "country"),
        "A region's share of something over its country's: RCA with the country as the world. NULL where RCA would be"),
    Formula("trade_intensity_of_world", ("exports_to_partner", "exports", "world_exports_to_partner", "world_exports"),
        "The partner's share in the exports over its share in those of the world, as the World Bank's WITS defines it: above 1, more than the "
        "partner's weight in the world lets expect. NULL where a denominator is not above zero"),
    Formula("trade_intensity_without_own", ("exports_to_partner", "exports", "partner_imports", "world_imports", "own_imports"),
        "The partner's share in the exports over its share in the imports of the world without the exporter's own, as ESCAP defines it. NULL where "
        "a denominator is not above zero"),
    Formula("grubel_lloyd", ("exports", "imports"),
        "Grubel-Lloyd index of one product: 1 - |exports - imports| / (exports + imports), 1 where both are equal. Of totals it is no "
        "intra-industry trade: for those take the trade-weighted one. NULL for a negative value and where there is no trade"),
    Formula("grubel_lloyd_trade_weighted", ("exports", "imports"),
        "Grubel-Lloyd index of many products, each weighted with its trade. It depends on the level of the products: say which. "
        "A missing side counts as no trade; NULL for a negative value and where there is no trade", over_rows=True),
    Formula("grubel_lloyd_imbalance_corrected", ("exports", "imports"),
        "The trade-weighted index over the most it could be given the imbalance of all trade. NULL as the trade-weighted one, and where all trade "
        "is one way", over_rows=True),
    Formula("hhi", ("amount",),
        "Herfindahl-Hirschman index, the sum of squared shares, 1 where there is one member. NULL where an amount is negative or none is "
        "above zero", over_rows=True),
    Formula("hhi_normalised", ("amount",),
        "(H - 1/n) / (1 - 1/n) of the index H over n members above zero, 0 where all are equal. NULL as hhi, and for one member", over_rows=True),
    Formula("hhi_unctad", ("amount",),
        "(sqrt(H) - sqrt(1/n)) / (1 - sqrt(1/n)) of the index H over n members above zero, as UNCTAD defines concentration. NULL as hhi, and for one "
        "member", over_rows=True),
    Formula("theil_t", ("amount", "weight"),
        "Theil's T: inequality of amounts over members weighted with population or GDP, sum of (y/Y) ln((y/Y)/(p/P)). An amount of zero "
        "contributes nothing. NULL where an amount is negative, a weight is not above zero, or a value is missing", over_rows=True),
    Formula("theil_t_unweighted", ("amount",),
        "Theil's T where each member counts alike. NULL where an amount is negative or missing", over_rows=True),
    Formula("theil_l", ("amount", "weight"),
        "Theil's L, the mean logarithmic deviation: sum of (p/P) ln((p/P)/(y/Y)). NULL where an amount or a weight is not above zero or "
        "missing: of an amount of zero it is not defined", over_rows=True),
    Formula("theil_l_unweighted", ("amount",),
        "Theil's L where each member counts alike. NULL where an amount is not above zero or missing", over_rows=True),
    Formula("theil_t_between", _GROUPED,
        "The part of Theil's T that is between groups; with theil_t_within it adds up to theil_t. An error where a member stands twice or has no "
        "group: groups that overlap are no partition. NULL as theil_t", over_rows=True),
    Formula("theil_t_within", _GROUPED,
        "The part of Theil's T that is within groups, weighted with their share in the amount. Error and NULL as theil_t_between", over_rows=True),
    Formula("theil_l_between", _GROUPED,
        "The part of Theil's L that is between groups; with theil_l_within it adds up to theil_l. An error where a member stands twice or has no "
        "group. NULL as theil_l", over_rows=True),
    Formula("theil_l_within", _GROUPED,
        "The part of Theil's L that is within groups, weighted with their share in the weight. Error and NULL as theil_l_between", over_rows=True),
    Formula("market_share_growth_effect", _TWO_YEARS,
        "Constant market share (Leamer and Stern) over products or over markets: how much exports would have changed, had they grown like all "
        "world exports. Shares are those of the first year. NULL where the world had none of what was exported", over_rows=True),
    Formula("market_share_composition_effect", _TWO_YEARS,
        "Constant market share: how much more exports would have changed, had each product (or market) grown like the world's of it. NULL as "
        "the growth effect", over_rows=True),
    Formula("market_share_competitiveness_effect", _TWO_YEARS,
        "Constant market share: the rest of the change, which is gain or loss of shares. The three effects add up to the change. NULL as the "
        "growth effect", over_rows=True),
    Formula("unctad_inward_fdi_performance", ("year", "inflow", "world_inflow", "gdp", "world_gdp"),
        "UNCTAD's inward FDI performance index: share in the world's inflow over share in its GDP, averages of three years in a row. Negative "
        "for disinvestment. NULL unless the rows are three years in a row with all values, and the world's are above zero", over_rows=True),
    Formula("real_value", ("amount", "price_index", "price_index_of_base_year"),
        "An amount at the prices of a base year: amount * price_index_of_base_year / price_index. NULL where an index is not above zero"),
    Formula("per_head", ("amount", "population"), "amount / population. NULL where population is not above zero"),
    Formula("baci_exporter_weight", ("exporter_deviation", "importer_deviation"),
        "Weight of the exporter's report in a mean of both with the least variance, as in BACI (CEPII working paper 2010-23): with v(s) = exp(s²) "
        "(exp(s²) - 1), v(importer) / (v(exporter) + v(importer)). NULL where a deviation is negative, 0.5 where both are 0"),
    Formula("baci_expected_distance", ("exporter_deviation", "importer_deviation"),
        "The mean distance |ln(exporter's report / importer's report)| that two reporting errors lead to: sqrt(2/pi) sqrt(s² + s²)"),
    Formula("harvard_exporter_weight", ("exporter_reliability", "importer_reliability"),
        "Weight of the exporter's report by Harvard Growth Lab's method: exp(e) / (exp(e) + exp(m)) of the reliabilities of both"),
)  # fmt: skip
