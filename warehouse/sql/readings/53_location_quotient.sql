-- Whether a province has more of something than its size lets expect: its share over that of its country (location_quotient). Of a topic the
-- measure of size is GDP, and the country is those provinces together that have both figures; of trade with Japan it is trade with all
-- partners, and the country is China by its own statistics. Where China's exports to Japan are not loaded Japan's imports stand in, and the row says so: with
-- freight and goods through Hong Kong in them China's trade with Japan is larger, and a province's quotient lower.
{{ stored("mart.location_quotient") }} AS
WITH gdp AS (
    SELECT place, year, value::DOUBLE AS gdp FROM mart.indicator WHERE indicator = 'gdp' AND unit = 'CNY' AND value > 0
),
over_gdp AS (
    SELECT t.topic, 'gdp' AS base, t.place, t.year, t.value AS part, g.gdp AS whole, sum(t.value) OVER same AS part_of_country, sum(g.gdp) OVER same AS country,
        count(*) OVER same AS provinces, 'provinces together' AS country_basis, t.dataset AS datasets
    FROM core.topic_value AS t JOIN gdp AS g USING (place, year)
    WHERE t.place IN (SELECT place FROM ref.place WHERE kind = 'province')
      AND t.topic IN ({{ topics.OVER_GDP | map("sql") | join(", ") }})
    WINDOW same AS (PARTITION BY t.topic, t.year)
),
customs AS (  -- China's trade with all partners, where a total was published
    SELECT s.year, sum(s.exports_usd)::DOUBLE + sum(s.imports_usd)::DOUBLE AS total,
        string_agg(DISTINCT s.exports_from.dataset, ';' ORDER BY s.exports_from.dataset) AS dataset
    FROM mart.trade AS s WHERE s.reporter = 'CHN'
    GROUP BY s.year
    HAVING s.year IN (
        SELECT year FROM core.trade_cell WHERE a = 'CHN' AND b = '_T' AND value IS NOT NULL AND measure IN ('exports', 'imports')
        GROUP BY year HAVING count(DISTINCT measure) = 2)
),
world_bank AS (
    SELECT year, sum(value_usd)::DOUBLE AS total, min(dataset) AS dataset FROM mart.indicator
    WHERE place = 'CHN' AND indicator IN ('goods_exports', 'goods_imports') GROUP BY year HAVING count(value_usd) = 2
),
total AS (
    SELECT year, coalesce(c.total, w.total) AS total, coalesce(c.dataset, w.dataset) AS dataset FROM customs AS c FULL JOIN world_bank AS w USING (year)
),
with_japan AS (
    SELECT year, (exports_usd + imports_usd)::DOUBLE AS amount, concat_ws(';', exports_from.dataset, nullif(imports_from.dataset, exports_from.dataset)) AS dataset,
        'own statistics' AS country_basis
    FROM mart.trade WHERE reporter = 'CHN' AND partner = 'JPN' AND exports_usd IS NOT NULL AND imports_usd IS NOT NULL
    UNION ALL
    SELECT year, sum(value_usd)::DOUBLE AS amount, string_agg(DISTINCT value_from.dataset, ';' ORDER BY value_from.dataset) AS dataset, 'both import statistics'
    FROM mart.both_import WHERE exporter IN ('CHN', 'JPN') AND importer IN ('CHN', 'JPN')
      AND year NOT IN (SELECT year FROM mart.trade WHERE reporter = 'CHN' AND partner = 'JPN' AND exports_usd IS NOT NULL AND imports_usd IS NOT NULL)
    GROUP BY year HAVING count(value_usd) = 2
),
of_province AS (  -- all trade of a province or city, as printed in dollars if it is
    SELECT place, year, value_usd::DOUBLE AS total, dataset FROM mart.indicator WHERE indicator = 'goods_trade_total' AND value_usd > 0
    QUALIFY row_number() OVER (PARTITION BY place, year ORDER BY unit = 'USD' DESC, unit) = 1
),
over_trade AS (
    SELECT t.topic, 'goods_trade' AS base, t.place, t.year, t.value AS part, a.total AS whole, j.amount AS part_of_country, n.total AS country,
        NULL::BIGINT AS provinces, j.country_basis, concat_ws(';', t.dataset, a.dataset, j.dataset, n.dataset) AS datasets
    FROM core.topic_value AS t
    JOIN of_province AS a ON a.place = t.place AND a.year = t.year
    JOIN with_japan AS j ON j.year = t.year
    JOIN total AS n ON n.year = t.year
    WHERE t.topic = 'trade_with_japan_usd'
)
SELECT q.topic, q.base, q.place, p.name AS place_name, q.year, q.part AS place_amount, q.whole AS place_base, q.part_of_country AS country_amount,
    q.country AS country_base, q.country_basis, q.provinces,
    mart.location_quotient(q.part, q.whole, q.part_of_country, q.country) AS location_quotient, q.datasets
FROM (FROM over_gdp WHERE provinces >= 20 UNION ALL FROM over_trade) AS q
JOIN ref.place AS p ON p.place = q.place
ORDER BY topic, base, place, year;
