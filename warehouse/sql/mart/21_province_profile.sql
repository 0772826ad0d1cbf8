-- One row a province and year. Where several figures exist, the one taken is the latest published (undated
-- ones last); "provenance" says for each number which that was.
CREATE OR REPLACE VIEW mart.province_profile AS
WITH province AS (
    SELECT place, name FROM ref.place WHERE kind = 'province'
),
figure AS (
    SELECT place, year,
        CASE indicator
            WHEN 'gdp' THEN 'gdp_cny' WHEN 'goods_trade_total' THEN 'goods_trade_total_usd'
            WHEN 'railway_length' THEN 'railway_km' WHEN 'highway_length' THEN 'highway_km'
            WHEN 'expressway_length' THEN 'expressway_km' ELSE indicator
        END AS measure,
        CASE WHEN indicator = 'goods_trade_total' AND unit <> 'USD' THEN CAST(core.to_usd(value, r.rate) AS DECIMAL(38, 6)) ELSE CAST(value AS DECIMAL(38, 6)) END AS value,
        i.source, i.dataset, i.published_on, i.known_from, i.artifact
    FROM mart.indicator AS i
    LEFT JOIN ref.exchange_rate AS r
      ON i.unit = r.currency AND r.fx_kind = 'avg' AND r.freq = i.freq AND r.period = i.period AND r.preferred
    WHERE i.freq = 'A' AND (i.indicator <> 'gdp' OR i.unit = 'CNY')
      AND i.indicator IN ('gdp', 'population', 'goods_trade_total', 'railway_length', 'highway_length', 'expressway_length')
    UNION ALL
    SELECT reporter, year, flow || 's_usd', CAST(value_usd AS DECIMAL(38, 6)), source, dataset, published_on, known_from, artifact
    FROM mart.trade
    WHERE freq = 'A' AND partner = 'WLD' AND product = 'TOTAL' AND flow IN ('export', 'import')
    UNION ALL
    SELECT reporter, year, 'fdi_utilised_usd', CAST(value_usd AS DECIMAL(38, 6)), source, dataset, published_on, known_from, artifact
    FROM mart.fdi
    WHERE freq = 'A' AND concept = 'province_utilised' AND counterpart = 'WLD' AND accounting = 'flow'
    UNION ALL
    SELECT place, year, 'japanese_companies', CAST(value AS DECIMAL(38, 6)), source, dataset, published_on, known_from, artifact
    FROM mart.presence
    WHERE origin = 'JPN' AND counting_unit = 'registered_companies'
),
chosen AS (
    SELECT f.*
    FROM figure AS f
    JOIN province USING (place)
    WHERE f.value IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY place, year, measure ORDER BY published_on DESC NULLS LAST, known_from DESC, dataset) = 1
),
visit AS (
    SELECT place, year(started_on)::INTEGER AS year, count(DISTINCT event) AS japan_visits
    FROM mart.visits WHERE side = 'China' GROUP BY ALL
),
zone AS (
    SELECT place, min(year) AS free_trade_zone_since FROM mart.milestones WHERE kind = 'free_trade_zone' GROUP BY ALL
),
wide AS (
    SELECT place, year,
        {% for measure in ("gdp_cny", "population", "exports_usd", "imports_usd", "goods_trade_total_usd",
                           "fdi_utilised_usd", "railway_km", "highway_km", "expressway_km", "japanese_companies") %}
        max(value) FILTER (measure = '{{ measure }}') AS {{ measure }},
        {% endfor %}
        '{' || string_agg(to_json(measure)::VARCHAR || ':' || json_object(
            'source', source, 'dataset', dataset, 'published_on', published_on, 'artifact', artifact)::VARCHAR, ','
            ORDER BY measure) || '}' AS provenance
    FROM chosen GROUP BY ALL
)
SELECT
    p.place, p.name AS place_name, coalesce(w.year, v.year) AS year,
    w.gdp_cny, w.population, w.exports_usd, w.imports_usd, w.goods_trade_total_usd, w.fdi_utilised_usd,
    w.railway_km, w.highway_km, w.expressway_km, w.japanese_companies,
    z.free_trade_zone_since, coalesce(v.japan_visits, 0) AS japan_visits,
    w.provenance
FROM wide AS w
FULL JOIN visit AS v ON v.place = w.place AND v.year = w.year
JOIN province AS p ON p.place = coalesce(w.place, v.place)
LEFT JOIN zone AS z ON z.place = p.place;
