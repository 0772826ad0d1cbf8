-- Inequality of provinces, between and within China's four official regions, which are a partition of the 31 provinces; other groups
-- overlap, and theil_t_between refuses them. Over those provinces that have both figures, which are counted.
{{ stored("mart.inequality") }} AS
WITH region AS (
    SELECT member AS place, any_value(place_group) AS region, count(*) AS groups FROM ref.place_group
    WHERE place_group IN ('CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST') AND valid_to IS NULL GROUP BY member
),
amount AS (
    SELECT topic, place, year, value FROM core.topic_value
    WHERE topic IN ('gdp_cny', 'exports_by_goods_place_usd', 'goods_trade_total_usd', 'fdi_utilised_usd', 'foreign_investment_registered_usd', 'railway_km',
        'highway_km', 'expressway_km')
),
weight AS (
    SELECT 'population' AS weighted_by, place, year, value AS weight FROM core.topic_value WHERE topic = 'population'
    UNION ALL SELECT 'gdp_cny', place, year, value FROM core.topic_value WHERE topic = 'gdp_cny'
    UNION ALL SELECT 'each province alike', place, year, 1 FROM core.topic_value WHERE topic = 'gdp_cny'
)
SELECT a.topic, a.year, w.weighted_by, count(*) AS provinces,
    mart.theil_t(a.value, w.weight) AS theil_t, mart.theil_t_between(a.place, r.region, a.value, w.weight) AS theil_t_between,
    mart.theil_t_within(a.place, r.region, a.value, w.weight) AS theil_t_within,
    mart.theil_l(a.value, w.weight) AS theil_l, mart.theil_l_between(a.place, r.region, a.value, w.weight) AS theil_l_between,
    mart.theil_l_within(a.place, r.region, a.value, w.weight) AS theil_l_within
FROM amount AS a JOIN weight AS w USING (place, year) JOIN region AS r USING (place)
WHERE a.topic <> w.weighted_by
GROUP BY a.topic, a.year, w.weighted_by HAVING count(*) >= 20
ORDER BY topic, year, weighted_by;
