-- What exporter and importer publish of all goods, as the methods of reconciliation compare it, and the freight that the methods after BACI and after
-- Harvard Growth Lab take off where distances are loaded.
-- Imports of an unknown valuation are taken as CIF, as the international recommendations have it, and the row says so.
CREATE OR REPLACE VIEW core.mirrored_trade AS
SELECT exporter, exporter_name, importer, importer_name, year, mirror_status, export_usd AS x, import_usd AS m,
    export_from.dataset AS export_dataset, import_from.dataset AS import_dataset,
    CASE WHEN import_usd IS NULL THEN NULL
         WHEN import_from.valuation = 'CIF' THEN 'published as CIF'
         WHEN import_from.valuation IN ('FOB', 'FAS') THEN 'published without freight'
         WHEN importer IN ({{ reconciliation.NOT_CIF | map("sql") | join(", ") }}) THEN 'this importer does not report CIF'
         ELSE 'valuation not on record, taken as CIF' END AS import_basis
FROM mart.mirror_trade WHERE product = 'TOTAL';

{# What freight depends on in CEPII's working paper 2010-23, but for the unit value of the product, which totals of pairs do not have. #}
{% set regressors = ["distance", "distance_squared", "contiguous", "landlocked_importer", "landlocked_exporter"] %}
{# A weighted regression of log_ratio on the regressors with an effect of each year: what rows of "source" are fitted as, those of weight 0 too. Each
   regressor in turn is freed of those before it (Gram and Schmidt), so that its coefficient is one quotient of sums. "fit" is the fitted value and
   "rest" what is left of log_ratio. #}
{% macro regression(name, source) -%}
{{ name }}_0 AS MATERIALIZED (
    SELECT year, exporter, importer, weight, sum(weight * log_ratio) OVER of_year / sum(weight) OVER of_year AS fit,
        log_ratio - sum(weight * log_ratio) OVER of_year / sum(weight) OVER of_year AS rest
        {% for r in regressors %}, {{ r }} - sum(weight * {{ r }}) OVER of_year / sum(weight) OVER of_year AS {{ r }}{% endfor %}
    FROM {{ source }} WINDOW of_year AS (PARTITION BY year) QUALIFY sum(weight) OVER of_year > 0
),
{% for r in regressors %}
{{ name }}_{{ loop.index }} AS MATERIALIZED (
    SELECT t.year, t.exporter, t.importer, t.weight, t.fit + coalesce(c.rest, 0) * t.{{ r }} AS fit, t.rest - coalesce(c.rest, 0) * t.{{ r }} AS rest
        {% for later in regressors[loop.index:] %}, t.{{ later }} - coalesce(c.{{ later }}, 0) * t.{{ r }} AS {{ later }}{% endfor %}
    FROM {{ name }}_{{ loop.index0 }} AS t CROSS JOIN (
        SELECT sum(weight * {{ r }} * rest) / nullif(square, 0) AS rest
            {% for later in regressors[loop.index:] %}, sum(weight * {{ r }} * {{ later }}) / nullif(square, 0) AS {{ later }}{% endfor %}
        FROM {{ name }}_{{ loop.index0 }}
        -- A regressor that does not vary, or that those before it determine, has no coefficient of its own.
        CROSS JOIN (SELECT CASE WHEN sum(weight * {{ r }} ^ 2) > 1e-9 * sum(weight) THEN sum(weight * {{ r }} ^ 2) END AS square FROM {{ name }}_{{ loop.index0 }})
        GROUP BY square
    ) AS c
),
{% endfor %}
{{ name }} AS (FROM {{ name }}_{{ regressors | length }})
{%- endmacro %}
-- Pairs whose imports have freight in them, with the logarithm of imports over exports (NULL where a side has none) and what freight depends on.
CREATE OR REPLACE VIEW core.freight_pair AS
WITH distance AS (
    SELECT place AS importer, counterpart AS exporter, max(value) FILTER (indicator = 'distance_weighted')::DOUBLE AS km,
        coalesce(max(value) FILTER (indicator = 'contiguous'), 0)::DOUBLE AS contiguous
    FROM core.pair WHERE indicator IN ('distance_weighted', 'contiguous') AND superseded_by IS NULL AND place <> counterpart GROUP BY ALL HAVING km > 0
),
landlocked AS (SELECT place, max(value)::DOUBLE AS has_no_coast FROM core.indicator WHERE indicator = 'landlocked' AND superseded_by IS NULL GROUP BY place)
SELECT p.year, p.exporter, p.importer, p.x, p.m, ln(d.km) AS ln_km, d.contiguous,
    coalesce(i.has_no_coast, 0) AS landlocked_importer, coalesce(e.has_no_coast, 0) AS landlocked_exporter,
    CASE WHEN p.x > 0 AND p.m > 0 THEN ln(p.m::DOUBLE / p.x::DOUBLE) END AS log_ratio
FROM core.mirrored_trade AS p JOIN distance AS d USING (exporter, importer)
LEFT JOIN landlocked AS i ON i.place = p.importer LEFT JOIN landlocked AS e ON e.place = p.exporter
WHERE p.import_basis IN ({{ reconciliation.CIF_BASES | map("sql") | join(", ") }});

-- Freight by distance, common border and having a coast, as a share of the value without it: the ratio of imports to exports of all pairs with both
-- reports is explained by them, weighted with how near both reports are. Nothing is estimated from few economies, whose ratios are mostly
-- of other things than freight. Distances beyond those of the sample count as its bounds: the square must not be extrapolated.
{{ stored("core.baci_freight") }} AS
WITH measured AS (
    SELECT * REPLACE (coalesce(log_ratio, 0) AS log_ratio),
        CASE WHEN log_ratio IS NOT NULL THEN least(x, m)::DOUBLE / greatest(x, m)::DOUBLE ELSE 0 END AS weight
    FROM core.freight_pair
),
reach AS (
    SELECT min(ln_km) AS nearest, max(ln_km) AS farthest FROM measured WHERE weight > 0
    HAVING count(*) >= {{ reconciliation.LEAST_PAIRS }} AND least(count(DISTINCT exporter), count(DISTINCT importer)) >= {{ reconciliation.LEAST_PARTNERS }}
),
pair AS MATERIALIZED (
    SELECT m.*, least(greatest(ln_km, nearest), farthest) AS distance, least(greatest(ln_km, nearest), farthest) ^ 2 AS distance_squared FROM measured AS m CROSS JOIN reach
),
{{ regression("first", "pair") }},
-- Without the pairs that are far from what was fitted: a residual of more than two of its standard deviations.
kept AS MATERIALIZED (
    SELECT p.* REPLACE (CASE WHEN sqrt(f.weight) * abs(f.rest) > 2 * s.deviation THEN 0 ELSE p.weight END AS weight)
    FROM pair AS p JOIN first AS f USING (year, exporter, importer)
    CROSS JOIN (
        SELECT sqrt(sum(weight * rest ^ 2) / (count(*) - count(DISTINCT year) - {{ regressors | length }})) AS deviation FROM first WHERE weight > 0
        HAVING count(*) > count(DISTINCT year) + {{ regressors | length }}
    ) AS s
),
{{ regression("second", "kept") }}
SELECT year, exporter, importer, greatest(exp(fit) - 1, 0) AS rate FROM second ORDER BY ALL;

-- Freight by distance and common border with an effect of each exporter and importer in each year, by Harvard's method: ratios of trade above a million
-- dollars, their tenths at both ends drawn in, freed of the effects in turn until little is left of them. What is not left over is what is fitted.
{{ stored("core.harvard_freight") }} AS
WITH RECURSIVE sample AS (
    SELECT * FROM core.freight_pair WHERE log_ratio IS NOT NULL AND least(x, m) >= {{ reconciliation.LEAST_TRADE }}
    QUALIFY count(*) OVER (PARTITION BY year) >= {{ reconciliation.LEAST_PAIRS }}
),
measured AS MATERIALIZED (
    SELECT year, exporter, importer, least(greatest(log_ratio, lowest), highest) AS ratio, ln_km AS distance, contiguous
    FROM sample CROSS JOIN (SELECT quantile_cont(log_ratio, 0.1) AS lowest, quantile_cont(log_ratio, 0.9) AS highest FROM sample)
    WHERE year IN (
        SELECT year FROM sample GROUP BY year HAVING least(count(DISTINCT exporter), count(DISTINCT importer)) >= {{ reconciliation.LEAST_PARTNERS }})
),
freed(round, year, exporter, importer, ratio, distance, contiguous) AS (
    SELECT 0, year, exporter, importer, ratio, distance, contiguous FROM measured
    UNION ALL
    SELECT round + 1, year, exporter, importer, ratio - avg(ratio) OVER of_importer, distance - avg(distance) OVER of_importer,
        contiguous - avg(contiguous) OVER of_importer
    FROM (
        SELECT round, year, exporter, importer, ratio - avg(ratio) OVER of_exporter AS ratio, distance - avg(distance) OVER of_exporter AS distance,
            contiguous - avg(contiguous) OVER of_exporter AS contiguous
        FROM freed WHERE round < {{ reconciliation.ROUNDS }} WINDOW of_exporter AS (PARTITION BY year, exporter)
    )
    WINDOW of_importer AS (PARTITION BY year, importer)
),
last AS MATERIALIZED (SELECT * EXCLUDE (round) FROM freed WHERE round = {{ reconciliation.ROUNDS }}),
by_distance AS MATERIALIZED (
    SELECT l.year, l.exporter, l.importer, l.ratio - coalesce(s.of_ratio, 0) * l.distance AS ratio, l.contiguous - coalesce(s.of_border, 0) * l.distance AS contiguous
    FROM last AS l CROSS JOIN (
        SELECT sum(ratio * distance) / nullif(sum(distance ^ 2), 0) AS of_ratio, sum(contiguous * distance) / nullif(sum(distance ^ 2), 0) AS of_border FROM last
    ) AS s
)
SELECT m.year, m.exporter, m.importer,
    least(greatest(exp(m.ratio - (b.ratio - coalesce(s.of_ratio, 0) * b.contiguous)) - 1, 0), {{ reconciliation.MOST_FREIGHT }}) AS rate
FROM measured AS m JOIN by_distance AS b USING (year, exporter, importer)
-- A border that distance and the effects determine has no effect of its own.
CROSS JOIN (SELECT CASE WHEN sum(contiguous ^ 2) > 1e-9 * count(*) THEN sum(ratio * contiguous) / sum(contiguous ^ 2) END AS of_ratio FROM by_distance) AS s
ORDER BY ALL;
