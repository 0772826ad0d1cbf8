-- Inequality of provinces, between and within China's four official regions, which are a partition of the 31 provinces; other groups
-- overlap. Over those provinces that have both figures, which are counted.
{{ stored("mart.inequality") }} AS
WITH region AS (
    SELECT member AS place, any_value(place_group) AS region, count(*) AS groups FROM ref.place_group
    WHERE place_group IN ('CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST') AND valid_to IS NULL GROUP BY member
),
amount AS (
    SELECT topic, place, year, value FROM core.topic_value
    WHERE topic IN ('gdp_cny', {{ topics.OVER_GDP | map("sql") | join(", ") }})
),
weight AS (
    SELECT 'population' AS weighted_by, place, year, value AS weight FROM core.topic_value WHERE topic = 'population'
    UNION ALL SELECT 'gdp_cny', place, year, value FROM core.topic_value WHERE topic = 'gdp_cny'
    UNION ALL SELECT 'each province alike', place, year, 1 FROM core.topic_value WHERE topic = 'gdp_cny'
),
province AS (
    SELECT a.topic, a.year, w.weighted_by, a.place, r.region, a.value, w.weight
    FROM amount AS a JOIN weight AS w USING (place, year) JOIN region AS r USING (place) WHERE a.topic <> w.weighted_by AND r.groups = 1
),
whole AS (
    SELECT topic, year, weighted_by, count(*) AS provinces, list(place) AS places, mart.theil_t(value, weight) AS theil_t, mart.theil_l(value, weight) AS theil_l
    FROM province GROUP BY ALL HAVING count(*) >= 20
),
between_regions AS (  -- regions as members: what theil_t_between gives, without lists
    SELECT topic, year, weighted_by, mart.theil_t(value, weight) AS theil_t, mart.theil_l(value, weight) AS theil_l
    FROM (SELECT topic, year, weighted_by, region, sum(value) AS value, sum(weight) AS weight FROM province GROUP BY ALL) GROUP BY ALL
)
SELECT w.topic, w.year, w.weighted_by, w.provinces,
    (SELECT string_agg(place, ';' ORDER BY place) FROM region WHERE NOT list_contains(w.places, place)) AS left_out_provinces,
    w.theil_t, CASE WHEN w.theil_t IS NOT NULL THEN b.theil_t END AS theil_t_between, w.theil_t - b.theil_t AS theil_t_within,
    w.theil_l, CASE WHEN w.theil_l IS NOT NULL THEN b.theil_l END AS theil_l_between, w.theil_l - b.theil_l AS theil_l_within
FROM whole AS w JOIN between_regions AS b USING (topic, year, weighted_by)
ORDER BY topic, year, weighted_by;
