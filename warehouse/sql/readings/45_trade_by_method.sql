-- One figure of trade by each of several named methods (schemas/reconciliation.py), from what exporter and importer publish.
{% set baci_rate = (reconciliation.METHODS | selectattr('name', 'eq', 'baci_like') | first).cif_rate %}
{% set both = "x > 0 AND m > 0" %}
{% set is_cif %}import_basis IN ({{ reconciliation.CIF_BASES | map("sql") | join(", ") }}){% endset %}
-- How far each side's reports are from its partners', as exporter and as importer: BACI's deviations. The distance |ln(x/m)| is
-- explained by an effect of the exporter and one of the importer, which are found in turn, weighted with the logarithm of what both report.
CREATE OR REPLACE VIEW core.baci_deviation AS
WITH RECURSIVE pair AS MATERIALIZED (
    SELECT year, exporter, importer, abs(ln(x::DOUBLE / fob)) AS distance, ln(x::DOUBLE + fob) AS weight
    FROM (
        SELECT p.*, p.m::DOUBLE / CASE WHEN {{ is_cif }} THEN 1 + coalesce(f.rate, {{ baci_rate }}) ELSE 1 END AS fob
        FROM core.mirrored_trade AS p LEFT JOIN core.baci_freight AS f USING (year, exporter, importer) WHERE {{ both }}
    )
    WHERE x::DOUBLE + fob > 1
),
importer_effect(round, year, importer, effect) AS (
    SELECT 0, year, importer, 0::DOUBLE FROM pair GROUP BY year, importer
    UNION ALL
    SELECT any_value(e.round) + 1, p.year, p.importer, sum(p.weight * (p.distance - e.effect)) / sum(p.weight)
    FROM pair AS p JOIN (
        SELECT any_value(r.round) AS round, q.year, q.exporter, sum(q.weight * (q.distance - r.effect)) / sum(q.weight) AS effect
        FROM pair AS q JOIN importer_effect AS r USING (year, importer)
        WHERE r.round < {{ reconciliation.ROUNDS }} GROUP BY q.year, q.exporter
    ) AS e USING (year, exporter)
    GROUP BY p.year, p.importer
),
of_importer AS (SELECT year, importer, effect FROM importer_effect WHERE round = {{ reconciliation.ROUNDS }}),
of_exporter AS (
    SELECT year, exporter, sum(weight * (distance - effect)) / sum(weight) AS effect
    FROM pair JOIN of_importer USING (year, importer) GROUP BY year, exporter
),
fitted AS (
    SELECT p.*, p.distance - a.effect - b.effect AS rest FROM pair AS p JOIN of_exporter AS a USING (year, exporter) JOIN of_importer AS b USING (year, importer)
),
-- The variance of what the effects do not explain.
unexplained AS (
    SELECT year, sum(weight * rest ^ 2) / nullif(greatest(count(*) - count(DISTINCT exporter) - count(DISTINCT importer) + 1, 0), 0) AS variance
    FROM fitted GROUP BY year
),
effects AS (
    SELECT year, 'exporter' AS side, exporter AS place, effect FROM of_exporter
    UNION ALL SELECT year, 'importer', importer, effect FROM of_importer
),
mean AS (
    SELECT year, side, place, effect + (SELECT avg(o.effect) FROM effects AS o WHERE o.year = effects.year AND o.side <> effects.side) AS distance
    FROM effects
),
weighed AS (
    SELECT year, 'exporter' AS side, exporter AS place, sum(weight) AS weight, count(*) AS partners FROM pair GROUP BY year, exporter
    UNION ALL SELECT year, 'importer', importer, sum(weight), count(*) FROM pair GROUP BY year, importer
)
SELECT m.year, m.side, m.place, w.partners,
    greatest({{ reconciliation.LEAST_DEVIATION }},
        pi() / 2 * (m.distance - min(m.distance) OVER (PARTITION BY m.year, m.side) - 2 * sqrt(u.variance / w.weight))) AS deviation
FROM mean AS m JOIN weighed AS w USING (year, side, place) JOIN unexplained AS u USING (year)
WHERE u.variance IS NOT NULL;

-- Harvard's freight of a year, for pairs of which none is estimated: the mean of those that are, or else that of imports over exports less one.
-- A year without enough pairs for that has none, and the method's own margin stands in.
CREATE OR REPLACE VIEW core.harvard_rate AS
SELECT year, coalesce(e.rate, r.rate) AS rate FROM (
    SELECT year, avg(least(greatest(m::DOUBLE / x::DOUBLE - 1, 0), {{ reconciliation.MOST_FREIGHT }})) AS rate
    FROM core.mirrored_trade WHERE {{ both }} AND {{ is_cif }}
    GROUP BY year HAVING count(*) >= {{ reconciliation.LEAST_PARTNERS }}
) AS r
FULL JOIN (SELECT year, avg(rate) AS rate FROM core.harvard_freight GROUP BY year) AS e USING (year);

CREATE OR REPLACE VIEW core.harvard_pair AS
SELECT p.*, CASE WHEN NOT {{ is_cif }} THEN 0 WHEN m < x OR abs(ln(m::DOUBLE / x::DOUBLE)) < 0.05 THEN 0 ELSE coalesce(f.rate, r.rate) END AS rate
FROM core.mirrored_trade AS p LEFT JOIN core.harvard_rate AS r USING (year) LEFT JOIN core.harvard_freight AS f USING (year, exporter, importer)
WHERE {{ both }};

-- The reliability of each side is the inverse of its mean discrepancy |x - m| / (x + m), weighted with the reliability of the other side.
CREATE OR REPLACE VIEW core.harvard_reliability AS
WITH RECURSIVE pair AS (
    SELECT year, exporter, importer, abs(x::DOUBLE - m::DOUBLE / (1 + rate)) / (x::DOUBLE + m::DOUBLE / (1 + rate)) AS discrepancy
    FROM core.harvard_pair WHERE rate IS NOT NULL
),
edge AS MATERIALIZED (
    SELECT year, 'exporter' AS of_side, exporter AS of_place, 'importer' AS to_side, importer AS to_place, discrepancy FROM pair
    UNION ALL SELECT year, 'importer', importer, 'exporter', exporter, discrepancy FROM pair
),
reliability(round, year, side, place, reliability, partners) AS (
    SELECT 0, year, of_side, of_place, 1::DOUBLE, count(*) FROM edge GROUP BY year, of_side, of_place
    UNION ALL
    -- A side that agrees with all its partners would be infinitely reliable.
    SELECT any_value(r.round) + 1, e.year, e.of_side, e.of_place, least(count(*) / greatest(sum(e.discrepancy * r.reliability), 1e-9), 100), count(*)
    FROM edge AS e JOIN reliability AS r ON r.year = e.year AND r.side = e.to_side AND r.place = e.to_place
    WHERE r.round < {{ reconciliation.ROUNDS }}
    GROUP BY e.year, e.of_side, e.of_place
)
SELECT year, side, place, partners, reliability FROM reliability WHERE round = {{ reconciliation.ROUNDS }};

{{ stored("mart.trade_by_method") }} AS
WITH method(reconciliation_method, method_version, rate, needs_estimate) AS (VALUES
{% for method in reconciliation.METHODS %}
    ({{ method.name | sql }}, {{ method.version | sql }}, {{ method.cif_rate }}::DOUBLE, {{ method.needs_estimate }}){{ "," if not loop.last }}
{% endfor %}
),
estimate AS (
    SELECT 'baci_like' AS reconciliation_method, e.year, e.place AS exporter, i.place AS importer, mart.baci_exporter_weight(e.deviation, i.deviation) AS weight
    FROM core.baci_deviation AS e JOIN core.baci_deviation AS i USING (year)
    WHERE e.side = 'exporter' AND i.side = 'importer' AND least(e.partners, i.partners) >= {{ reconciliation.LEAST_PARTNERS }}
    UNION ALL
    SELECT 'harvard_like', e.year, e.place, i.place, mart.harvard_exporter_weight(e.reliability, i.reliability)
    FROM core.harvard_reliability AS e JOIN core.harvard_reliability AS i USING (year)
    WHERE e.side = 'exporter' AND i.side = 'importer' AND least(e.partners, i.partners) >= {{ reconciliation.LEAST_PARTNERS }}
),
-- The OECD prints freight as a share of the value with it.
oecd_rate AS (
    SELECT counterpart AS exporter, place AS importer, period::INTEGER AS year, max(value)::DOUBLE / (100 - max(value)::DOUBLE) AS rate
    FROM core.pair WHERE indicator = 'cif_fob_margin' AND superseded_by IS NULL AND freq = 'A' AND value BETWEEN 0 AND 99
    GROUP BY ALL
),
converted AS (
    SELECT p.*, d.reconciliation_method, d.method_version, e.weight AS estimated_weight, d.needs_estimate,
        CASE WHEN p.m IS NULL THEN NULL
             WHEN NOT {{ is_cif }} THEN 0
             WHEN d.reconciliation_method = 'harvard_like' AND p.x > 0 AND p.m > 0 AND (p.m < p.x OR abs(ln(p.m::DOUBLE / p.x::DOUBLE)) < 0.05) THEN 0
             WHEN d.reconciliation_method = 'oecd_itic' THEN coalesce(o.rate, d.rate)
             WHEN d.reconciliation_method = 'baci_like' THEN coalesce(f.rate, d.rate)
             WHEN d.reconciliation_method = 'harvard_like' THEN coalesce(h.rate, r.rate, d.rate)
             ELSE d.rate END AS cif_rate,
        CASE WHEN cif_rate IS NULL THEN NULL WHEN cif_rate = 0 AND coalesce(f.rate, h.rate) IS NULL THEN 'none taken off' WHEN o.rate IS NOT NULL THEN 'the OECD''s of the pair'
             WHEN coalesce(f.rate, h.rate) IS NOT NULL THEN 'estimated' WHEN r.rate IS NOT NULL THEN 'mean of the year'
             WHEN d.needs_estimate OR d.reconciliation_method = 'oecd_itic' THEN 'default' ELSE 'fixed by the method' END AS freight_basis
    FROM core.mirrored_trade AS p CROSS JOIN method AS d
    LEFT JOIN estimate AS e ON e.reconciliation_method = d.reconciliation_method AND e.year = p.year AND e.exporter = p.exporter AND e.importer = p.importer
    LEFT JOIN core.harvard_rate AS r ON d.reconciliation_method = 'harvard_like' AND r.year = p.year
    LEFT JOIN core.harvard_freight AS h ON d.reconciliation_method = 'harvard_like' AND h.exporter = p.exporter AND h.importer = p.importer AND h.year = p.year
    LEFT JOIN core.baci_freight AS f ON d.reconciliation_method = 'baci_like' AND f.exporter = p.exporter AND f.importer = p.importer AND f.year = p.year
    LEFT JOIN oecd_rate AS o ON d.reconciliation_method = 'oecd_itic' AND o.exporter = p.exporter AND o.importer = p.importer AND o.year = p.year
),
weighted AS (
    SELECT *, CASE WHEN cif_rate = 0 THEN m ELSE CAST(m::DOUBLE / (1 + cif_rate) AS DECIMAL(20, 3)) END AS compared,
        CASE reconciliation_method
            WHEN 'importer_first' THEN CASE WHEN m IS NULL THEN 1 ELSE 0 END
            WHEN 'both_import' THEN CASE WHEN m IS NOT NULL THEN 0 END
            WHEN 'exporter_first' THEN CASE WHEN x IS NULL THEN 0 ELSE 1 END
            WHEN 'dots_106' THEN CASE WHEN x IS NULL THEN 0 ELSE 1 END
            WHEN 'dots_110' THEN CASE WHEN x IS NULL THEN 0 ELSE 1 END
            -- Where too few pairs are known to estimate weights, both sides weigh alike: what either estimate begins with.
            ELSE CASE WHEN m IS NULL THEN 1 WHEN x IS NULL THEN 0 ELSE coalesce(estimated_weight, {{ reconciliation.EQUAL_WEIGHT }}) END
        END::DOUBLE AS exporter_weight,
        CASE WHEN NOT needs_estimate AND reconciliation_method <> 'oecd_itic' THEN 'fixed by the method'
             WHEN x IS NULL OR m IS NULL THEN 'one report alone' WHEN estimated_weight IS NOT NULL THEN 'estimated'
             WHEN needs_estimate THEN 'default' ELSE 'fixed by the method' END AS weight_basis
    FROM converted
),
-- Of whose figures a value is made, and how: where that changes from one year to the next, a step is no growth.
made AS (
    SELECT *,
        CASE exporter_weight WHEN 0 THEN compared WHEN 1 THEN x
            ELSE CAST(exporter_weight * x::DOUBLE + (1 - exporter_weight) * compared::DOUBLE AS DECIMAL(20, 3)) END AS value_usd,
        CASE exporter_weight WHEN 0 THEN 'importer' WHEN 1 THEN 'exporter' ELSE 'both' END AS of_side,
        concat_ws(' ', of_side,
            CASE WHEN of_side <> 'importer' THEN export_dataset END,
            CASE WHEN of_side <> 'exporter' THEN import_dataset || CASE WHEN {{ is_cif }} THEN ' CIF ' ELSE ' FOB ' END || freight_basis END,
            CASE WHEN of_side = 'both' THEN weight_basis END) AS way
    FROM weighted
)
SELECT exporter, exporter_name, importer, importer_name, year, reconciliation_method, method_version, mirror_status,
    x AS export_usd, m AS import_usd, import_basis, cif_rate, freight_basis, compared AS import_compared_usd, exporter_weight,
    CASE WHEN value_usd IS NOT NULL THEN weight_basis END AS weight_basis, value_usd,
    value_usd IS NOT NULL AND coalesce(way <> lag(CASE WHEN value_usd IS NOT NULL THEN way END IGNORE NULLS) OVER earlier, false) AS value_is_seam,
    CASE WHEN value_usd IS NULL THEN 'the importer has no figure' END AS why_not
FROM made
WINDOW earlier AS (PARTITION BY exporter, importer, reconciliation_method ORDER BY year)
ORDER BY exporter, importer, year, reconciliation_method;
