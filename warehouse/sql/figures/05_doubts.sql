{# Figures that are not of the size of what they are held against: at least eight times it, or at most an eighth. A unit or a scale that is
   wrong, or a digit too many, looks like that; so do a few true figures, which is why they stay and are marked. With all publishers' files some
   hundred of a million figures are marked. A figure is held against
   - the nearest figure of the same cell that another dataset or edition states, of yearly levels also of the two years before and after (of two
     that differ neither is known to be right: both are marked); amounts of trade in dollars, and of investment in euros as if they were dollars,
     whose value they are near,
   - what the edition before said of the same cell,
   - the periods before and after in the same series, where it is a level and the amounts are large: both, at an end the one there is,
   - the partner's figure of the same trade; and a month is held against the year so far, a partner against all partners, a product against
     all products.
   Where most figures of an edition that can be held against others are off to the same side, all of the edition are marked: its unit
   or its scale is wrong, or is read wrongly. Of bulk datasets the sums of pairs over products are held against others, for whole parts. #}
{% set far = "2.0794415416798357" %}
{# "figure" has a positive "size". "key" names a figure, "cell" what another figure of the same thing shares with it. Macros that begin "held_"
   give figures with the nearest of what they are held against: its "size" beside that of "other", and in words what that is. #}
{% macro held_same_cell(figure, key, cell) %}
SELECT {{ key }}, f.size, arg_min(o.size, abs(ln(f.size / o.size))) AS other,
    'the figure of ' || arg_min(o.dataset, abs(ln(f.size / o.size))) || ' of the same cell' AS named
FROM {{ figure }} AS f
SEMI JOIN (SELECT {{ cell | join(", ") }} FROM {{ figure }} GROUP BY ALL HAVING count(DISTINCT dataset) > 1 OR count(DISTINCT edition) > 1) AS c ON {{ same("c", "f", cell) }}
JOIN {{ figure }} AS o ON {{ same("o", "f", cell) }} AND (o.dataset, o.edition) IS DISTINCT FROM (f.dataset, f.edition)
GROUP BY {{ key }}, f.size
{% endmacro %}
{% macro same(left, right, columns) -%}
{% for c in columns %}{{ left }}.{{ c }} IS NOT DISTINCT FROM {{ right }}.{{ c }}{{ " AND " if not loop.last }}{% endfor %}
{%- endmacro %}
{# As held_same_cell, of the years around: "series" is what figures of several years share. #}
{% macro held_other_years(figure, key, series) %}
SELECT {{ key }}, f.size, arg_min(o.size, abs(ln(f.size / o.size))) AS other,
    'the figure of ' || arg_min(o.dataset, abs(ln(f.size / o.size))) || ' of ' || arg_min(o.period, abs(ln(f.size / o.size))) AS named
FROM {{ figure }} AS f
SEMI JOIN (SELECT {{ series | join(", ") }} FROM {{ figure }} GROUP BY ALL HAVING count(DISTINCT dataset) > 1) AS c ON {{ same("c", "f", series) }}
JOIN {{ figure }} AS o
  ON {{ same("o", "f", series) }} AND o.dataset <> f.dataset AND abs(CAST(o.period AS INTEGER) - CAST(f.period AS INTEGER)) BETWEEN 1 AND 2
GROUP BY {{ key }}, f.size
{% endmacro %}
{# Doubts of what is "held"; and of all figures of editions most of whose held figures are off to the same side. #}
{% macro far_off(held, key) %}
SELECT {{ key }}, 'about ' || core.times(f.size, f.other) || ' ' || f.named AS doubt FROM {{ held }} AS f WHERE abs(ln(f.size / f.other)) >= {{ far }}
{% endmacro %}
{% macro rescaled(held, of) %}
SELECT {{ of }}, compared, off, round(power) AS power
FROM (
    SELECT {{ of }}, sum(n) AS compared, max(n) FILTER (side <> 0) AS off, arg_max(power, n) FILTER (side <> 0) AS power
    FROM (
        SELECT {{ of }}, CASE WHEN abs(ln(size / other)) < {{ far }} THEN 0 ELSE sign(size - other) END AS side, count(*) AS n, median(log10(size / other)) AS power
        FROM {{ held }} GROUP BY ALL
    )
    GROUP BY {{ of }}
)
WHERE off >= 2 AND 2 * off > compared
{% endmacro %}
{% macro of_edition(figure, held, key) %}
SELECT {{ key }}, core.all_off(r.off, r.compared, r.power) AS doubt
FROM {{ figure }} AS f
JOIN ({{ rescaled(held, "edition") }}) AS r ON r.edition = f.edition
JOIN (SELECT edition, count(*) AS figures FROM {{ figure }} GROUP BY edition) AS n ON n.edition = f.edition
WHERE 100 * r.off >= n.figures
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
CREATE OR REPLACE MACRO core.all_off(off, compared, power) AS format('{} of {} figures of its edition that can be held against others are about ', off, compared)
    || CASE WHEN power > 0 THEN format('{:,.0f} times', pow(10, power)) ELSE format('1/{:,.0f} of', pow(10, -power)) END || ' them';
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
yearly AS (FROM level WHERE freq = 'A'),
-- What provinces add up to, where it is far above the nation's figure; of provinces that are not all, a small sum says nothing.
parts AS (
    SELECT f.edition, f.indicator, f.unit, f.period, l.parent, sum(f.size) AS size, any_value(n.size) AS nation
    FROM yearly AS f
    JOIN ref.place AS l ON l.place = f.place AND l.kind IN ('province', 'prefecture')
    JOIN (SELECT place, indicator, unit, period, max(size) AS size FROM yearly GROUP BY ALL) AS n
      ON n.place = l.parent AND n.indicator = f.indicator AND n.unit = f.unit AND n.period = f.period
    WHERE f.indicator NOT IN ('gdp_per_capita') AND NOT starts_with(f.indicator, 'exchange_rate')
    GROUP BY ALL
    HAVING sum(f.size) >= 8 * any_value(n.size)
),
held AS MATERIALIZED (
    {{ held_same_cell("figure", key, ["place", "indicator", "unit", "freq", "period"]) }}
    UNION ALL
    {{ held_other_years("yearly", key, ["place", "indicator", "unit"]) }}
    UNION ALL
    SELECT {{ key }}, p.size, p.nation, 'the nation''s figure, of all provinces that its edition states together' AS named
    FROM yearly AS f JOIN parts AS p ON p.edition = f.edition AND p.indicator = f.indicator AND p.unit = f.unit AND p.period = f.period
    JOIN ref.place AS l ON l.place = f.place AND l.parent = p.parent AND l.kind IN ('province', 'prefecture')
)
SELECT edition, place, indicator, unit, freq, period, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ far_off("held", key) }}
    UNION ALL
    {{ of_edition("figure", "held", key) }}
    UNION ALL
    {{ beside_neighbours("level", key, "dataset, place, indicator, unit, freq", 0) }}
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
level AS (FROM figure WHERE accounting = 'position' AND freq = 'A'),
flow AS (FROM figure WHERE accounting = 'flow' AND freq = 'A'),
pair AS (
    SELECT f.edition, f.dataset, f.accounting, CAST(f.period AS INTEGER) AS year, f.size,
        CASE f.direction WHEN 'outward' THEN f.reporter ELSE f.counterpart END AS investor, CASE f.direction WHEN 'outward' THEN f.counterpart ELSE f.reporter END AS host
    FROM figure AS f
    JOIN ref.place AS i ON i.place = f.reporter AND i.kind = 'economy'
    JOIN ref.place AS j ON j.place = f.counterpart AND j.kind = 'economy'
    WHERE f.freq = 'A' AND f.instrument = 'total' AND f.industry = 'TOTAL' AND f.money = 'USD'
),
-- What anybody says of an investor and a host, whatever the concept: single figures may differ by far, not most of an edition.
of_pair AS (
    SELECT f.edition, f.size, arg_min(o.size, abs(ln(f.size / o.size))) AS other
    FROM pair AS f JOIN pair AS o
      ON o.investor = f.investor AND o.host = f.host AND o.accounting = f.accounting AND o.dataset <> f.dataset AND abs(o.year - f.year) <= 2
     AND greatest(o.size, f.size) >= 1e9
    GROUP BY f.edition, f.investor, f.host, f.year, f.size
),
held AS MATERIALIZED (
    {{ held_same_cell("figure", key, cell + ["money"]) }}
    UNION ALL
    {{ held_other_years("level", key, series + ["money"]) }}
)
SELECT edition, principle, sector_scope, currency, {{ cell | join(", ") }}, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ far_off("held", key) }}
    UNION ALL
    {{ of_edition("figure", "(SELECT edition, size, other FROM held UNION ALL SELECT edition, size, other FROM of_pair)", key) }}
    UNION ALL
    {{ beside_neighbours("flow", key, "dataset, principle, sector_scope, currency, " ~ (series | join(", ")), "1e12") }}
    UNION ALL
    {{ beside_neighbours("level", key, "dataset, principle, sector_scope, currency, " ~ (series | join(", ")), "1e9") }}
    UNION ALL
    {{ beside_before("core.fdi", key, cell + ["principle", "sector_scope", "currency"]) }}
)
GROUP BY ALL;
{# What is stated of all products of the trade of two economies, in dollars: by the reporter, or of imports by the partner as exports and the
   other way round. #}
CREATE OR REPLACE VIEW core.trade_total AS
WITH stated AS (
    SELECT t.reporter_key, t.partner_key, s.flow, s.freq, s.period, e.dataset, CAST(t.value AS DOUBLE) / coalesce(CAST(r.rate AS DOUBLE), 1) AS size
    FROM core.trade AS t JOIN core.trade_slice AS s ON s.slice = t.slice JOIN meta.editions AS e ON e.edition = t.edition
    JOIN ref.place AS i ON i.place_key = t.reporter_key JOIN ref.place AS j ON j.place_key = t.partner_key
    LEFT JOIN ref.exchange_rate AS r ON r.currency = s.currency AND r.fx_kind = 'avg' AND r.freq = s.freq AND r.period = s.period AND r.preferred
    WHERE t.superseded_by IS NULL AND t.value > 0 AND s.classification = 'TOTAL' AND s.flow IN ('import', 'export') AND (s.currency = 'USD' OR r.rate IS NOT NULL)
      AND i.kind = 'economy' AND j.kind = 'economy'
)
SELECT reporter_key, partner_key, flow, freq, period, min(size) AS least, max(size) AS most, string_agg(DISTINCT dataset, ', ' ORDER BY dataset) AS datasets
FROM (
    FROM stated
    UNION ALL
    SELECT partner_key, reporter_key, CASE flow WHEN 'import' THEN 'export' ELSE 'import' END, freq, period, dataset, size FROM stated
)
GROUP BY ALL;
{% set key = "f.edition, f.slice, f.reporter_key, f.partner_key, f.product_key" %}
{{ stored("core.trade_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.slice, t.reporter_key, t.partner_key, t.product_key, CAST(t.value AS DOUBLE) AS amount,
        CAST(t.value AS DOUBLE) / coalesce(CAST(r.rate AS DOUBLE), 1) AS size,
        s.flow, s.basis, s.valuation, s.classification, s.freq, s.period, s.currency, CASE WHEN r.rate IS NULL THEN core.like_dollars(s.currency) ELSE 'USD' END AS money
    FROM core.trade AS t JOIN core.trade_slice AS s ON s.slice = t.slice JOIN meta.editions AS e ON e.edition = t.edition
    LEFT JOIN ref.exchange_rate AS r ON r.currency = s.currency AND r.fx_kind = 'avg' AND r.freq = s.freq AND r.period = s.period AND r.preferred
    WHERE t.superseded_by IS NULL AND t.value > 0
),
level AS (FROM figure WHERE freq = 'A' AND classification = 'TOTAL'),
products AS (
    SELECT f.*, length(g.product) AS digits FROM figure AS f JOIN ref.product AS g ON g.product_key = f.product_key
    WHERE f.classification <> 'TOTAL' AND f.money = 'USD' AND f.flow IN ('import', 'export') AND g.product <> 'TOTAL'
),
both_sides AS (
    SELECT f.* FROM level AS f JOIN ref.place AS i ON i.place_key = f.reporter_key JOIN ref.place AS j ON j.place_key = f.partner_key
    WHERE f.size >= 1e9 AND f.money = 'USD' AND f.flow IN ('import', 'export') AND i.kind = 'economy' AND j.kind = 'economy'
),
held AS MATERIALIZED (
    {{ held_same_cell("figure", key, ["flow", "basis", "classification", "freq", "period", "money", "reporter_key", "partner_key", "product_key"]) }}
    UNION ALL
    {{ held_other_years("level", key, ["flow", "basis", "money", "reporter_key", "partner_key"]) }}
    UNION ALL
    SELECT {{ key }}, 12 * f.size AS size, arg_min(o.size, abs(ln(12 * f.size / o.size))) AS other,
        'for a twelfth of it the figure of ' || arg_min(o.dataset, abs(ln(12 * f.size / o.size))) || ' of the year' AS named
    FROM (FROM figure WHERE freq = 'M' AND classification = 'TOTAL' AND size >= 1e8) AS f
    JOIN level AS o
      ON o.dataset <> f.dataset AND o.flow = f.flow AND o.basis IS NOT DISTINCT FROM f.basis AND o.money = f.money AND o.reporter_key = f.reporter_key
     AND o.partner_key = f.partner_key AND abs(CAST(o.period AS INTEGER) - CAST(left(f.period, 4) AS INTEGER)) <= 2
    GROUP BY {{ key }}, f.size
    UNION ALL
    -- What products add up to, by the length of their codes; what is not above all products says nothing, for a file need not have all.
    SELECT {{ key }}, p.size, least(p.size, p.total) AS other, 'what anybody states of all products of the same trade, of all products of its edition together' AS named
    FROM products AS f
    JOIN (
        SELECT f.edition, f.slice, f.reporter_key, f.partner_key, f.digits, sum(f.size * CASE f.freq WHEN 'M' THEN 12 WHEN 'YTD' THEN 12 / CAST(right(f.period, 2) AS INTEGER) ELSE 1 END) AS size, any_value(o.most) AS total
        FROM products AS f
        JOIN (FROM core.trade_total WHERE freq = 'A') AS o
          ON o.flow = f.flow AND o.period = left(f.period, 4) AND o.reporter_key = f.reporter_key AND o.partner_key = f.partner_key
        GROUP BY ALL
    ) AS p ON p.edition = f.edition AND p.slice = f.slice AND p.reporter_key = f.reporter_key AND p.partner_key = f.partner_key AND p.digits = f.digits
    UNION ALL
    SELECT {{ key }}, f.size, arg_min(o.size, abs(ln(f.size / o.size))) AS other,
        'the partner''s figure of the same trade, of ' || arg_min(o.dataset, abs(ln(f.size / o.size))) AS named
    FROM both_sides AS f
    JOIN both_sides AS o ON o.flow <> f.flow AND o.period = f.period AND o.reporter_key = f.partner_key AND o.partner_key = f.reporter_key
    GROUP BY {{ key }}, f.size
)
SELECT edition, slice, reporter_key, partner_key, product_key, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ far_off("held", key) }}
    UNION ALL
    {{ of_edition("figure", "held", key) }}
    UNION ALL
    {{ beside_before("core.trade", key, ["slice", "reporter_key", "partner_key", "product_key"]) }}
    UNION ALL
    SELECT {{ key }}, 'more than twice what anybody states of all products of the same trade'
    FROM (FROM products WHERE size >= 1e8) AS f
    JOIN (FROM core.trade_total WHERE freq = 'A') AS o
      ON o.flow = f.flow AND o.period = left(f.period, 4) AND o.reporter_key = f.reporter_key AND o.partner_key = f.partner_key
    WHERE f.size > 2 * o.most
    UNION ALL
    SELECT {{ key }}, 'above what the same dataset states of the months since January'
    FROM figure AS f
    JOIN figure AS o
      ON o.dataset = f.dataset AND o.reporter_key = f.reporter_key AND o.partner_key = f.partner_key AND o.product_key = f.product_key AND o.flow = f.flow
     AND o.valuation = f.valuation AND o.basis IS NOT DISTINCT FROM f.basis AND o.classification = f.classification AND o.currency = f.currency
     AND (o.freq = 'A' AND o.period = left(f.period, 4) OR o.freq = 'YTD' AND left(o.period, 4) = left(f.period, 4) AND o.period >= f.period)
    WHERE f.freq = 'M' AND f.amount > 1.01 * o.amount
    GROUP BY {{ key }}
    UNION ALL
    SELECT {{ key }}, 'above what the same dataset states of all partners'
    FROM figure AS f
    JOIN figure AS o ON o.dataset = f.dataset AND o.slice = f.slice AND o.reporter_key = f.reporter_key AND o.product_key = f.product_key
    JOIN ref.place AS w ON w.place_key = o.partner_key AND w.place = 'WLD'
    WHERE f.amount > 1.01 * o.amount
    GROUP BY {{ key }}
    UNION ALL
    {{ beside_neighbours("(SELECT * REPLACE (amount AS size) FROM level)", key, "dataset, flow, valuation, basis, currency, reporter_key, partner_key", "1e8") }}
)
GROUP BY ALL;
{# Of bulk datasets: slices in which the sums of pairs over products are off, for all current parts of theirs; and the parts of
   figures that were doubtful when they were loaded (tasks.load.bulk_versions). A join of single figures would cost each reader as much again. #}
{{ stored("core.trade_part_doubt") }} AS
WITH part AS (
    SELECT p.part, p.slice, s.flow, s.freq, s.period
    FROM core.trade_part AS p JOIN core.trade_slice AS s ON s.slice = p.slice
    WHERE p.superseded_by IS NULL AND p.obs_status <> 'O' AND s.currency = 'USD'
),
summed AS (
    SELECT p.slice, p.flow, p.freq, p.period, t.reporter_key, t.partner_key, sum(t.value)::DOUBLE AS size
    FROM core.trade_bulk AS t JOIN part AS p ON p.part = t.part
    GROUP BY ALL
),
held AS MATERIALIZED (
    SELECT f.slice, f.size, least(greatest(f.size, o.least), o.most) AS other
    FROM summed AS f
    JOIN (FROM core.trade_total WHERE most >= 1e9) AS o
      ON o.flow = f.flow AND o.freq = f.freq AND o.period = f.period AND o.reporter_key = f.reporter_key AND o.partner_key = f.partner_key
    WHERE f.size > 0
)
SELECT part, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    SELECT p.part, core.all_off(r.off, r.compared, r.power) AS doubt
    FROM part AS p JOIN ({{ rescaled("held", "slice") }}) AS r ON r.slice = p.slice
    UNION ALL
    SELECT part, 'ten, a hundred, a thousand … times what the edition before said, to the digit, or that fraction of it'
    FROM core.trade_part WHERE superseded_by IS NULL AND obs_status = 'U'
)
GROUP BY ALL;
{% set key = "f.edition, f.place, f.counterpart, f.indicator, f.unit, f.freq, f.period" %}
{{ stored("core.pair_doubt") }} AS
WITH figure AS (
    SELECT t.edition, e.dataset, t.place, t.counterpart, t.indicator, t.unit, t.freq, t.period, CAST(abs(t.value) AS DOUBLE) AS size
    FROM core.pair AS t JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value <> 0 AND t.unit <> 'flag'
),
held AS MATERIALIZED (
    {{ held_same_cell("figure", key, ["place", "counterpart", "indicator", "unit", "freq", "period"]) }}
)
SELECT edition, place, counterpart, indicator, unit, freq, period, string_agg(doubt, '; ' ORDER BY doubt) AS doubt
FROM (
    {{ far_off("held", key) }}
    UNION ALL
    {{ of_edition("figure", "held", key) }}
    UNION ALL
    {{ beside_neighbours("(FROM figure WHERE freq = 'A')", key, "dataset, place, counterpart, indicator, unit", 0) }}
)
GROUP BY ALL;
