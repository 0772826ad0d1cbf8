{# Figures that are not of the size of what they are held against: at least eight times it, or at most an eighth. A unit or a scale that is
   wrong, or a digit too many, looks like that; so do a few true figures, which is why they stay and are marked. With all publishers' files some
   hundred of a million figures are marked. A figure is held against
   - the nearest figure of the same cell that another dataset or edition states, of yearly levels also of the two years before and after (of two
     that differ neither is known to be right: both are marked); euros count as dollars here, whose value they are near,
   - what the edition before said of the same cell,
   - the periods before and after in the same series, where it is a level and the amounts are large: both, at an end the one there is,
   - the partner's figure of the same trade; and a month is held against the year so far, a partner against all partners. #}
{% set far = "2.0794415416798357" %}
{# "figure" has a positive "size". "key" names a figure, "cell" what another figure of the same thing shares with it. #}
{% macro beside_others(figure, key, cell) %}
SELECT {{ key }}, 'about ' || core.times(f.size, arg_min(o.size, abs(ln(f.size / o.size)))) || ' the figure of ' || arg_min(o.dataset, abs(ln(f.size / o.size)))
    || ' of the same cell' AS doubt
FROM {{ figure }} AS f
SEMI JOIN (SELECT {{ cell | join(", ") }} FROM {{ figure }} GROUP BY ALL HAVING max(size) >= 8 * min(size)) AS c ON {{ same("c", "f", cell) }}
JOIN {{ figure }} AS o ON {{ same("o", "f", cell) }} AND (o.dataset, o.edition) IS DISTINCT FROM (f.dataset, f.edition)
GROUP BY {{ key }}, f.size
HAVING min(abs(ln(f.size / o.size))) >= {{ far }}
{% endmacro %}
{% macro same(left, right, columns) -%}
{% for c in columns %}{{ left }}.{{ c }} IS NOT DISTINCT FROM {{ right }}.{{ c }}{{ " AND " if not loop.last }}{% endfor %}
{%- endmacro %}
{# As beside_others, of the years around: "series" is what figures of several years share. #}
{% macro beside_other_years(figure, key, series) %}
SELECT {{ key }}, 'about ' || core.times(f.size, arg_min(o.size, abs(ln(f.size / o.size)))) || ' the figure of ' || arg_min(o.dataset, abs(ln(f.size / o.size)))
    || ' of ' || arg_min(o.period, abs(ln(f.size / o.size))) AS doubt
FROM {{ figure }} AS f
SEMI JOIN (SELECT {{ series | join(", ") }} FROM {{ figure }} GROUP BY ALL HAVING count(DISTINCT dataset) > 1 AND max(size) >= 8 * min(size)) AS c
  ON {{ same("c", "f", series) }}
JOIN {{ figure }} AS o
  ON {{ same("o", "f", series) }} AND o.dataset <> f.dataset AND abs(CAST(o.period AS INTEGER) - CAST(f.period AS INTEGER)) BETWEEN 1 AND 2
GROUP BY {{ key }}, f.size
HAVING min(abs(ln(f.size / o.size))) >= {{ far }}
{% endmacro %}
{# What the version that a figure replaced said. "key" names a figure, "same_figure" what it shares with its predecessor. #}
{% macro beside_before(table, key, same_figure) %}
SELECT {{ key }}, 'about ' || core.times(abs(f.value)::DOUBLE, abs(p.value)::DOUBLE) || ' what the edition before said' AS doubt
FROM {{ table }} AS p JOIN {{ table }} AS f ON f.edition = p.superseded_by AND {% for c in same_figure %}f.{{ c }} = p.{{ c }}{{ " AND " if not loop.last }}{% endfor %}

WHERE f.superseded_by IS NULL AND f.value <> 0 AND p.value <> 0
  AND (abs(f.value) >= 8 * abs(p.value) OR 8 * abs(f.value) <= abs(p.value))
{% endmacro %}
{# "series" are the columns of a series; figures below "least" are too small to be told from chance. #}
{% macro beside_neighbours(figure, key, series, least) %}
SELECT {{ key }}, 'about ' || core.times(size, coalesce(before, after)) || ' the figure ' || CASE WHEN before IS NULL THEN 'after' WHEN after IS NULL THEN 'before'
    ELSE 'before, ' || core.times(size, after) || ' the one after' END || ' it in the same series' AS doubt
FROM (
    SELECT *, lag(size) OVER series AS before, lead(size) OVER series AS after
    FROM {{ figure }} WINDOW series AS (PARTITION BY {{ series }} ORDER BY period)
) AS f
WHERE greatest(size, before, after) >= {{ least }} AND coalesce(before, after) IS NOT NULL
  AND ((size >= 8 * coalesce(before, after) AND size >= 8 * coalesce(after, before))
    OR (8 * size <= coalesce(before, after) AND 8 * size <= coalesce(after, before)))
{% endmacro %}
CREATE OR REPLACE MACRO core.times(size, other) AS
    CASE WHEN size >= 100 * other THEN format('{:,.0f} times', size / other) WHEN size >= other THEN format('{:.1f} times', size / other)
        WHEN other >= 100 * size THEN format('1/{:,.0f} of', other / size) ELSE format('1/{:.1f} of', other / size) END;
CREATE OR REPLACE MACRO core.like_dollars(currency) AS CASE currency WHEN 'EUR' THEN 'USD' ELSE currency END;
{% set key = "f.edition, f.place, f.indicator, f.unit, f.freq, f.period" %}
{{ stored("core.indicator_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.place, t.indicator, t.unit, t.freq, t.period, CAST(abs(t.value) AS DOUBLE) AS size
    FROM core.indicator AS t JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value <> 0 AND t.unit <> 'percent'
),
level AS (
    FROM figure
    WHERE starts_with(indicator, 'exchange_rate')
       OR freq = 'A' AND indicator IN ('gdp', 'gdp_per_capita', 'population', 'goods_exports', 'goods_imports', 'goods_trade_total', 'goods_services_exports',
        'goods_services_imports', 'railway_length', 'highway_length')
),
yearly AS (FROM level WHERE freq = 'A')
SELECT edition, place, indicator, unit, freq, period, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ beside_others("figure", key, ["place", "indicator", "unit", "freq", "period"]) }}
    UNION ALL
    {{ beside_neighbours("level", key, "dataset, place, indicator, unit, freq", 0) }}
    UNION ALL
    {{ beside_other_years("yearly", key, ["place", "indicator", "unit"]) }}
    UNION ALL
    {{ beside_before("core.indicator", key, ["place", "indicator", "unit", "freq", "period"]) }}
)
GROUP BY ALL;
{% set cell = ["concept", "accounting", "direction", "instrument", "derivation", "reporter", "counterpart", "industry", "freq", "period"] %}
{% set series = cell | reject("equalto", "period") | list %}
{% set key = "f.edition, f.principle, f.sector_scope, f.currency, f." ~ cell | join(", f.") %}
{{ stored("core.fdi_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.principle, t.sector_scope, t.currency, core.like_dollars(t.currency) AS money, t.{{ cell | join(", t.") }}, CAST(abs(t.value) AS DOUBLE) AS size
    FROM core.fdi AS t JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value <> 0
),
level AS (FROM figure WHERE accounting = 'position' AND freq = 'A')
SELECT edition, principle, sector_scope, currency, {{ cell | join(", ") }}, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ beside_others("figure", key, cell + ["money"]) }}
    UNION ALL
    {{ beside_neighbours("level", key, "dataset, principle, sector_scope, currency, " ~ (series | join(", ")), "1e9") }}
    UNION ALL
    {{ beside_other_years("level", key, series + ["money"]) }}
    UNION ALL
    {{ beside_before("core.fdi", key, cell + ["principle", "sector_scope", "currency"]) }}
)
GROUP BY ALL;
{% set key = "f.edition, f.slice, f.reporter_key, f.partner_key, f.product_key" %}
{{ stored("core.trade_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.slice, t.reporter_key, t.partner_key, t.product_key, CAST(t.value AS DOUBLE) AS size,
        s.flow, s.basis, s.valuation, s.classification, s.freq, s.period, s.currency, core.like_dollars(s.currency) AS money
    FROM core.trade AS t JOIN core.trade_slice AS s ON s.slice = t.slice JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value > 0
),
level AS (FROM figure WHERE freq = 'A' AND classification = 'TOTAL'),
both_sides AS (
    SELECT f.* FROM level AS f JOIN ref.place AS i ON i.place_key = f.reporter_key JOIN ref.place AS j ON j.place_key = f.partner_key
    WHERE f.size >= 1e9 AND f.currency = 'USD' AND f.flow IN ('import', 'export') AND i.kind = 'economy' AND j.kind = 'economy'
)
SELECT edition, slice, reporter_key, partner_key, product_key, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ beside_others("figure", key, ["flow", "basis", "classification", "freq", "period", "money", "reporter_key", "partner_key", "product_key"]) }}
    UNION ALL
    {{ beside_other_years("level", key, ["flow", "basis", "money", "reporter_key", "partner_key"]) }}
    UNION ALL
    {{ beside_before("core.trade", key, ["slice", "reporter_key", "partner_key", "product_key"]) }}
    UNION ALL
    SELECT {{ key }}, 'for a month about ' || core.times(12 * f.size, arg_min(o.size, abs(ln(12 * f.size / o.size)))) || ' a twelfth of the year''s figure of '
        || arg_min(o.dataset, abs(ln(12 * f.size / o.size)))
    FROM (FROM figure WHERE freq = 'M' AND classification = 'TOTAL' AND size >= 1e8) AS f
    JOIN level AS o
      ON o.dataset <> f.dataset AND o.flow = f.flow AND o.basis IS NOT DISTINCT FROM f.basis AND o.money = f.money AND o.reporter_key = f.reporter_key
     AND o.partner_key = f.partner_key AND abs(CAST(o.period AS INTEGER) - CAST(left(f.period, 4) AS INTEGER)) <= 2
    GROUP BY {{ key }}, f.size
    HAVING min(abs(ln(12 * f.size / o.size))) >= {{ far }}
    UNION ALL
    SELECT {{ key }}, 'above what the same dataset states of the months since January'
    FROM figure AS f
    JOIN figure AS o
      ON o.dataset = f.dataset AND o.reporter_key = f.reporter_key AND o.partner_key = f.partner_key AND o.product_key = f.product_key AND o.flow = f.flow
     AND o.valuation = f.valuation AND o.basis IS NOT DISTINCT FROM f.basis AND o.classification = f.classification AND o.currency = f.currency
     AND (o.freq = 'A' AND o.period = left(f.period, 4) OR o.freq = 'YTD' AND left(o.period, 4) = left(f.period, 4) AND o.period >= f.period)
    WHERE f.freq = 'M' AND f.size > 1.01 * o.size
    GROUP BY {{ key }}
    UNION ALL
    SELECT {{ key }}, 'above what the same dataset states of all partners'
    FROM figure AS f
    JOIN figure AS o ON o.dataset = f.dataset AND o.slice = f.slice AND o.reporter_key = f.reporter_key AND o.product_key = f.product_key
    JOIN ref.place AS w ON w.place_key = o.partner_key AND w.place = 'WLD'
    WHERE f.size > 1.01 * o.size
    GROUP BY {{ key }}
    UNION ALL
    {{ beside_neighbours("level", key, "dataset, flow, valuation, basis, currency, reporter_key, partner_key", "1e8") }}
    UNION ALL
    SELECT {{ key }}, 'about ' || core.times(f.size, arg_min(o.size, abs(ln(f.size / o.size)))) || ' the partner''s figure of the same trade, of '
        || arg_min(o.dataset, abs(ln(f.size / o.size)))
    FROM both_sides AS f
    JOIN both_sides AS o ON o.flow <> f.flow AND o.period = f.period AND o.reporter_key = f.partner_key AND o.partner_key = f.reporter_key
    GROUP BY {{ key }}, f.size
    HAVING min(abs(ln(f.size / o.size))) >= {{ far }}
)
GROUP BY ALL;
{% set key = "f.edition, f.place, f.counterpart, f.indicator, f.unit, f.freq, f.period" %}
{{ stored("core.pair_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.place, t.counterpart, t.indicator, t.unit, t.freq, t.period, CAST(abs(t.value) AS DOUBLE) AS size
    FROM core.pair AS t JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value <> 0 AND t.unit <> 'flag'
)
SELECT edition, place, counterpart, indicator, unit, freq, period, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ beside_others("figure", key, ["place", "counterpart", "indicator", "unit", "freq", "period"]) }}
    UNION ALL
    {{ beside_neighbours("(FROM figure WHERE freq = 'A')", key, "dataset, place, counterpart, indicator, unit", 0) }}
)
GROUP BY ALL;
