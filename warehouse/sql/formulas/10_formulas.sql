-- Formulas of the field over values, as schemas/formulas.py describes them. None reads a table or calls another macro of ours, so that all
-- work where the file is attached under another name. Sums are in binary floating point: a formula is a ratio, no amount.
{% macro whole(condition, value) %}CASE WHEN {{ condition }} THEN {{ value }} END{% endmacro %}
{% macro ratio_of_shares(part, all, other_part, other_all) -%}
CASE WHEN {{ part }} >= 0 AND {{ all }} > 0 AND {{ other_part }} > 0 AND {{ other_all }} > 0
    THEN ({{ part }}::DOUBLE / {{ all }}::DOUBLE) / ({{ other_part }}::DOUBLE / {{ other_all }}::DOUBLE) END
{%- endmacro %}
{% macro herfindahl() %}(sum(amount::DOUBLE * amount::DOUBLE) / sum(amount)::DOUBLE ^ 2){% endmacro %}
{% set shares_exist = "min(amount) >= 0 AND sum(amount) > 0 AND count(amount) = count(*)" %}
{% set members = "count(*) FILTER (amount > 0)" %}
{# The part of a Theil index that compares y with p, which are of a member or of a group. What has no logarithm has no index either. #}
{% macro t_term(y, p) %}CASE WHEN {{ y }} > 0 AND {{ p }} > 0 THEN {{ y }}::DOUBLE * ln({{ y }}::DOUBLE / {{ p }}::DOUBLE) ELSE 0 END{% endmacro %}
{% macro l_term(y, p) %}CASE WHEN {{ y }} > 0 AND {{ p }} > 0 THEN {{ p }}::DOUBLE * ln({{ p }}::DOUBLE / {{ y }}::DOUBLE) ELSE 0 END{% endmacro %}
{% macro theil(index, term, y="amount", p="weight") -%}
{% if index == "t" %}sum({{ term }}) / sum({{ y }})::DOUBLE - ln(sum({{ y }})::DOUBLE / sum({{ p }})::DOUBLE)
{%- else %}sum({{ term }}) / sum({{ p }})::DOUBLE - ln(sum({{ p }})::DOUBLE / sum({{ y }})::DOUBLE){% endif %}
{%- endmacro %}
{% set conditions = {"t": "min(amount) >= 0 AND sum(amount) > 0 AND min(weight) > 0 AND count(amount) = count(*) AND count(weight) = count(*)",
    "l": "min(amount) > 0 AND min(weight) > 0 AND count(amount) = count(*) AND count(weight) = count(*)"} %}
{# The sum of a term over the groups. Lists, because a macro over rows cannot group them a second time; all that is in the lambdas comes in
   through their parameters, for DuckDB does not put the macro's in there. #}
{% macro sum_over_groups(term) -%}
list_transform(
    [{'names': list_distinct(list(member_group)), 'rows': list({'name': member_group, 'y': amount::DOUBLE, 'p': weight::DOUBLE})}],
    lambda t: list_sum(list_transform(
        list_transform(t.names, lambda n: {
            'y': list_sum(list_transform(t.rows, lambda r: CASE WHEN r.name = n THEN r.y ELSE 0 END)),
            'p': list_sum(list_transform(t.rows, lambda r: CASE WHEN r.name = n THEN r.p ELSE 0 END))}),
        lambda s: {{ term }})))[1]
{%- endmacro %}
{% macro between(index) -%}
{% if index == "t" -%}
{{ sum_over_groups(t_term("s.y", "s.p")) }} / sum(amount)::DOUBLE - ln(sum(amount)::DOUBLE / sum(weight)::DOUBLE)
{%- else -%}
{{ sum_over_groups(l_term("s.y", "s.p")) }} / sum(weight)::DOUBLE - ln(sum(weight)::DOUBLE / sum(amount)::DOUBLE)
{%- endif %}
{%- endmacro %}
{% macro partition_or_error(value) -%}
CASE WHEN count(DISTINCT member) < count(*)
    THEN error('a member stands twice (' || coalesce(mode(member)::VARCHAR, 'NULL') || '), so the groups are no partition and a decomposition would count it twice: '
        || 'give each member one group')
    WHEN count(member_group) < count(*) THEN error('a member has no group, so the groups are no partition and a decomposition would leave it out: '
        || 'give each member one group')
    ELSE {{ value }} END
{%- endmacro %}
{% set at_world_growth = "sum(CASE WHEN exports_before = 0 THEN 0 ELSE exports_before::DOUBLE * world_now::DOUBLE / nullif(world_before, 0)::DOUBLE END)" %}
{% set world_had_them = "bool_and((exports_before = 0 OR world_before > 0) IS TRUE) AND sum(world_before) > 0 AND count(exports_before) = count(*) "
    ~ "AND count(exports_now) = count(*) AND count(world_now) = count(*) AND count(world_before) = count(*)" %}
{% set at_total_growth = "sum(exports_before)::DOUBLE * (sum(world_now)::DOUBLE / sum(world_before)::DOUBLE" %}
{% set variance = {"exporter": "exp(exporter_deviation::DOUBLE ^ 2) * (exp(exporter_deviation::DOUBLE ^ 2) - 1)",
    "importer": "exp(importer_deviation::DOUBLE ^ 2) * (exp(importer_deviation::DOUBLE ^ 2) - 1)"} %}
{% set trade = "sum(coalesce(exports, 0) + coalesce(imports, 0))::DOUBLE" %}
{% set overlap = "sum(abs(coalesce(exports, 0) - coalesce(imports, 0)))::DOUBLE" %}
{% set imbalance = "abs(sum(coalesce(exports, 0)) - sum(coalesce(imports, 0)))::DOUBLE" %}
{% set traded = "coalesce(min(exports), 0) >= 0 AND coalesce(min(imports), 0) >= 0 AND " ~ trade ~ " > 0" %}
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.share_of_total(part, total) AS CASE WHEN total > 0 AND part >= 0 THEN part::DOUBLE / total::DOUBLE END;
CREATE OR REPLACE MACRO {{ schema }}.percent_change(before, now, least_base := 0.01) AS
    CASE WHEN before > 0 AND before::DOUBLE >= least_base::DOUBLE * abs(now::DOUBLE) THEN 100 * (now::DOUBLE / before::DOUBLE - 1) END;
CREATE OR REPLACE MACRO {{ schema }}.growth_contribution(part_before, part_now, total_before) AS
    CASE WHEN total_before > 0 THEN (part_now - part_before)::DOUBLE / total_before::DOUBLE END;
CREATE OR REPLACE MACRO {{ schema }}.cagr(first_value, last_value, years) AS
    CASE WHEN first_value > 0 AND last_value >= 0 AND years > 0 THEN (last_value::DOUBLE / first_value::DOUBLE) ^ (1 / years::DOUBLE) - 1 END;
CREATE OR REPLACE MACRO {{ schema }}.rca_balassa(exports_of_product, exports, world_exports_of_product, world_exports) AS
    {{ ratio_of_shares("exports_of_product", "exports", "world_exports_of_product", "world_exports") }};
CREATE OR REPLACE MACRO {{ schema }}.rsca_laursen(exports_of_product, exports, world_exports_of_product, world_exports) AS
    ({{ ratio_of_shares("exports_of_product", "exports", "world_exports_of_product", "world_exports") }} - 1)
    / ({{ ratio_of_shares("exports_of_product", "exports", "world_exports_of_product", "world_exports") }} + 1);
CREATE OR REPLACE MACRO {{ schema }}.location_quotient(part_of_region, region, part_of_country, country) AS
    {{ ratio_of_shares("part_of_region", "region", "part_of_country", "country") }};
CREATE OR REPLACE MACRO {{ schema }}.trade_intensity_of_world(exports_to_partner, exports, world_exports_to_partner, world_exports) AS
    {{ ratio_of_shares("exports_to_partner", "exports", "world_exports_to_partner", "world_exports") }};
CREATE OR REPLACE MACRO {{ schema }}.trade_intensity_without_own(exports_to_partner, exports, partner_imports, world_imports, own_imports) AS
    {{ ratio_of_shares("exports_to_partner", "exports", "partner_imports", "(world_imports - own_imports)") }};
CREATE OR REPLACE MACRO {{ schema }}.grubel_lloyd(exports, imports) AS
    CASE WHEN exports >= 0 AND imports >= 0 AND exports + imports > 0
        THEN 1 - abs(exports - imports)::DOUBLE / (exports + imports)::DOUBLE END;
CREATE OR REPLACE MACRO {{ schema }}.grubel_lloyd_trade_weighted(exports, imports) AS {{ whole(traded, "1 - " ~ overlap ~ " / " ~ trade) }};
CREATE OR REPLACE MACRO {{ schema }}.grubel_lloyd_imbalance_corrected(exports, imports) AS
    {{ whole(traded ~ " AND " ~ imbalance ~ " < " ~ trade, "(" ~ trade ~ " - " ~ overlap ~ ") / (" ~ trade ~ " - " ~ imbalance ~ ")") }};
CREATE OR REPLACE MACRO {{ schema }}.hhi(amount) AS {{ whole(shares_exist, herfindahl()) }};
CREATE OR REPLACE MACRO {{ schema }}.hhi_normalised(amount) AS
    {{ whole(shares_exist ~ " AND " ~ members ~ " > 1", "(" ~ herfindahl() ~ " - 1 / " ~ members ~ ") / (1 - 1 / " ~ members ~ ")") }};
CREATE OR REPLACE MACRO {{ schema }}.hhi_unctad(amount) AS
    {{ whole(shares_exist ~ " AND " ~ members ~ " > 1",
        "(sqrt(" ~ herfindahl() ~ ") - sqrt(1 / " ~ members ~ ")) / (1 - sqrt(1 / " ~ members ~ "))") }};
CREATE OR REPLACE MACRO {{ schema }}.theil_t(amount, weight) AS {{ whole(conditions.t, theil("t", t_term("amount", "weight"))) }};
CREATE OR REPLACE MACRO {{ schema }}.theil_t_unweighted(amount) AS
    {{ whole(shares_exist, theil("t", t_term("amount", "1"), p="1")) }};
CREATE OR REPLACE MACRO {{ schema }}.theil_l(amount, weight) AS {{ whole(conditions.l, theil("l", l_term("amount", "weight"))) }};
CREATE OR REPLACE MACRO {{ schema }}.theil_l_unweighted(amount) AS
    {{ whole("min(amount) > 0 AND count(amount) = count(*)", theil("l", l_term("amount", "1"), p="1")) }};
{% for index, term in (("t", t_term("amount", "weight")), ("l", l_term("amount", "weight"))) %}
CREATE OR REPLACE MACRO {{ schema }}.theil_{{ index }}_between(member, member_group, amount, weight) AS
    {{ partition_or_error(whole(conditions[index], between(index))) }};
CREATE OR REPLACE MACRO {{ schema }}.theil_{{ index }}_within(member, member_group, amount, weight) AS
    {{ partition_or_error(whole(conditions[index], theil(index, term) ~ " - (" ~ between(index) ~ ")")) }};
{% endfor %}
CREATE OR REPLACE MACRO {{ schema }}.market_share_growth_effect(exports_before, exports_now, world_before, world_now) AS
    {{ whole(world_had_them, at_total_growth ~ " - 1)") }};
CREATE OR REPLACE MACRO {{ schema }}.market_share_composition_effect(exports_before, exports_now, world_before, world_now) AS
    {{ whole(world_had_them, at_world_growth ~ " - " ~ at_total_growth ~ ")") }};
CREATE OR REPLACE MACRO {{ schema }}.market_share_competitiveness_effect(exports_before, exports_now, world_before, world_now) AS
    {{ whole(world_had_them, "sum(exports_now)::DOUBLE - " ~ at_world_growth) }};
CREATE OR REPLACE MACRO {{ schema }}.unctad_inward_fdi_performance(year, inflow, world_inflow, gdp, world_gdp) AS
    {{ whole("count(*) = 3 AND count(DISTINCT year) = 3 AND max(year) - min(year) = 2 AND count(inflow) = 3 AND count(world_inflow) = 3 AND count(gdp) = 3 "
        ~ "AND count(world_gdp) = 3 AND sum(gdp) > 0 AND sum(world_inflow) > 0 AND sum(world_gdp) > 0",
        "(sum(inflow)::DOUBLE / sum(world_inflow)::DOUBLE) / (sum(gdp)::DOUBLE / sum(world_gdp)::DOUBLE)") }};
CREATE OR REPLACE MACRO {{ schema }}.real_value(amount, price_index, price_index_of_base_year) AS
    CASE WHEN price_index > 0 AND price_index_of_base_year > 0 THEN amount::DOUBLE * price_index_of_base_year::DOUBLE / price_index::DOUBLE END;
CREATE OR REPLACE MACRO {{ schema }}.per_head(amount, population) AS CASE WHEN population > 0 THEN amount::DOUBLE / population::DOUBLE END;
CREATE OR REPLACE MACRO {{ schema }}.baci_exporter_weight(exporter_deviation, importer_deviation) AS
    CASE WHEN exporter_deviation >= 0 AND importer_deviation >= 0
        THEN coalesce({{ variance.importer }} / nullif({{ variance.exporter }} + {{ variance.importer }}, 0), 0.5) END;
CREATE OR REPLACE MACRO {{ schema }}.baci_expected_distance(exporter_deviation, importer_deviation) AS
    sqrt(2 / pi()) * sqrt(exporter_deviation::DOUBLE ^ 2 + importer_deviation::DOUBLE ^ 2);
CREATE OR REPLACE MACRO {{ schema }}.harvard_exporter_weight(exporter_reliability, importer_reliability) AS
    1 / (1 + exp(importer_reliability::DOUBLE - exporter_reliability::DOUBLE));
{% for formula in formulas %}
COMMENT ON MACRO {{ schema }}.{{ formula.name }} IS {{ formula.described | sql }};
{% endfor %}
{% endfor %}
