-- One row a province and year. Of several figures the one taken is, in this order: read from the publisher itself before
-- one seen through others; the latest published (undated ones last); a publisher's file before a figure that comes with the
-- project; trade by the operators' location before that by the goods' place; then the latest received. "provenance" says
-- for each number which that was.
CREATE OR REPLACE VIEW mart.province_profile AS
WITH province AS (
    SELECT place, name FROM ref.place WHERE kind = 'province'
),
lies_in AS (
    SELECT place, place AS province FROM province
    UNION ALL
    SELECT c.place, c.parent FROM ref.place AS c JOIN province AS p ON p.place = c.parent
),
figure AS (
    SELECT i.place, i.year,
        CASE i.indicator
            WHEN 'gdp' THEN 'gdp_cny' WHEN 'goods_trade_total' THEN 'goods_trade_total_usd'
            WHEN 'railway_length' THEN 'railway_km' WHEN 'highway_length' THEN 'highway_km'
            WHEN 'expressway_length' THEN 'expressway_km' WHEN 'foreign_enterprises' THEN 'foreign_companies'
            WHEN 'foreign_enterprise_investment_registered' THEN 'foreign_investment_registered_usd' ELSE i.indicator
        END AS measure,
        CASE WHEN i.indicator = 'goods_trade_total' AND i.unit <> 'USD' THEN CAST(core.to_usd(i.value, r.rate) AS DECIMAL(38, 6)) ELSE CAST(i.value AS DECIMAL(38, 6)) END AS value,
        i.source, i.dataset, NULL AS basis, i.seen_via, i.published_on, i.known_from, i.artifact
    FROM mart.indicator AS i
    LEFT JOIN ref.exchange_rate AS r
      ON i.unit = r.currency AND r.fx_kind = 'avg' AND r.freq = i.freq AND r.period = i.period AND r.preferred
    WHERE i.freq = 'A' AND (i.indicator <> 'gdp' OR i.unit = 'CNY')
      AND (i.indicator <> 'foreign_enterprise_investment_registered' OR i.unit = 'USD')
      AND i.indicator IN (
        'gdp', 'population', 'goods_trade_total', 'railway_length', 'highway_length', 'expressway_length',
        'foreign_enterprises', 'foreign_enterprise_investment_registered')
    UNION ALL
    SELECT reporter, year, flow || 's_usd', CAST(value_usd AS DECIMAL(38, 6)), source, dataset, basis, seen_via, published_on, known_from, artifact
    FROM mart.trade
    WHERE freq = 'A' AND partner = 'WLD' AND product = 'TOTAL' AND flow IN ('export', 'import')
    UNION ALL
    SELECT reporter, year, 'fdi_utilised_usd', CAST(value_usd AS DECIMAL(38, 6)), source, dataset, NULL, seen_via, published_on, known_from, artifact
    FROM mart.fdi
    WHERE freq = 'A' AND concept = 'province_utilised' AND counterpart = 'WLD' AND accounting = 'flow'
    UNION ALL
    SELECT place, year, 'japanese_companies', CAST(value AS DECIMAL(38, 6)), source, dataset, NULL, seen_via, published_on, known_from, artifact
    FROM mart.presence
    WHERE origin = 'JPN' AND counting_unit = 'registered_companies'
),
chosen AS (
    SELECT f.* EXCLUDE (seen_via, known_from)
    FROM figure AS f
    JOIN province USING (place)
    WHERE f.value IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY place, year, measure
        ORDER BY seen_via IS NOT NULL, published_on DESC NULLS LAST, source = 'curated',
            CASE basis WHEN 'operator_location' THEN 0 WHEN 'goods_place' THEN 1 ELSE 2 END, known_from DESC, dataset) = 1
),
visit AS (
    SELECT place, year(started_on)::INTEGER AS year, 'japan_visits' AS measure, count(DISTINCT event) AS value,
        string_agg(DISTINCT source, ';' ORDER BY source) AS source, string_agg(DISTINCT dataset, ';' ORDER BY dataset) AS dataset,
        max(published_on) AS published_on, string_agg(DISTINCT artifact, ';' ORDER BY artifact) AS artifact
    FROM mart.visits WHERE side = 'China' AND place IN (SELECT place FROM province) GROUP BY ALL
),
tie AS (  -- a tie that two publishers print is one tie, concluded on the first day that any of them gives
    SELECT l.province AS place, m.place AS tied, m.counterpart, year(min(m.opened_on))::INTEGER AS since,
        string_agg(DISTINCT m.source, ';' ORDER BY m.source) AS source, string_agg(DISTINCT m.dataset, ';' ORDER BY m.dataset) AS dataset,
        max(m.published_on) AS published_on, string_agg(DISTINCT m.artifact, ';' ORDER BY m.artifact) AS artifact
    FROM mart.milestones AS m
    JOIN lies_in AS l ON l.place = m.place
    WHERE m.kind = 'sister_tie' AND (m.counterpart = 'JPN' OR starts_with(m.counterpart, 'JP-'))
    GROUP BY ALL
),
zone AS (
    SELECT place, min(year) AS since, arg_min(source, year) AS source, arg_min(dataset, year) AS dataset,
        arg_min(published_on, year) AS published_on, arg_min(artifact, year) AS artifact
    FROM mart.milestones WHERE kind = 'free_trade_zone' AND year IS NOT NULL GROUP BY ALL
),
row_of AS (
    SELECT place, year FROM chosen
    UNION SELECT place, year FROM visit
    UNION SELECT place, since FROM tie WHERE since IS NOT NULL
    UNION SELECT z.place, z.since FROM zone AS z JOIN province USING (place)
),
every AS (
    SELECT place, year, measure, value, source, dataset, basis, published_on, artifact FROM chosen
    UNION ALL
    SELECT place, year, measure, value, source, dataset, NULL, published_on, artifact FROM visit
    UNION ALL
    SELECT r.place, r.year, 'sister_ties', count(*), string_agg(DISTINCT t.source, ';' ORDER BY t.source),
        string_agg(DISTINCT t.dataset, ';' ORDER BY t.dataset), NULL, max(t.published_on),
        string_agg(DISTINCT t.artifact, ';' ORDER BY t.artifact)
    FROM row_of AS r JOIN tie AS t ON t.place = r.place AND t.since <= r.year GROUP BY r.place, r.year
    UNION ALL
    SELECT r.place, r.year, 'sister_ties_undated', count(*), string_agg(DISTINCT t.source, ';' ORDER BY t.source),
        string_agg(DISTINCT t.dataset, ';' ORDER BY t.dataset), NULL, max(t.published_on),
        string_agg(DISTINCT t.artifact, ';' ORDER BY t.artifact)
    FROM row_of AS r JOIN tie AS t ON t.place = r.place AND t.since IS NULL GROUP BY r.place, r.year
    UNION ALL
    SELECT r.place, r.year, 'free_trade_zone_since', z.since, z.source, z.dataset, NULL, z.published_on, z.artifact
    FROM row_of AS r JOIN zone AS z USING (place)
)
SELECT
    p.place, p.name AS place_name, e.year,
    {% for measure in ("gdp_cny", "population", "exports_usd", "imports_usd", "goods_trade_total_usd", "fdi_utilised_usd",
                       "railway_km", "highway_km", "expressway_km", "foreign_companies",
                       "foreign_investment_registered_usd", "japanese_companies") %}
    max(e.value) FILTER (measure = '{{ measure }}') AS {{ measure }},
    {% endfor %}
    max(e.value) FILTER (measure = 'free_trade_zone_since')::INTEGER AS free_trade_zone_since,
    {% for measure in ("sister_ties", "sister_ties_undated", "japan_visits") %}
    coalesce(max(e.value) FILTER (measure = '{{ measure }}'), 0)::BIGINT AS {{ measure }},
    {% endfor %}
    '{' || string_agg(to_json(measure)::VARCHAR || ':' || json_object(
        'source', source, 'dataset', dataset, 'basis', basis, 'published_on', published_on, 'artifact', artifact)::VARCHAR, ','
        ORDER BY measure) || '}' AS provenance
FROM every AS e
JOIN province AS p USING (place)
GROUP BY p.place, p.name, e.year;
