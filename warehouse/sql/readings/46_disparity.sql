-- The Northeast, its provinces and Dalian against three regions of the coast. One value a place, year and topic (schemas/topics.py); a
-- region's is the sum of its members, there only where all have one, or else what a publisher prints for all of it together. Per head and per GDP are over those members that have all that is needed.
-- The deltas and the Bohai Rim are whole provinces, and Liaoning is in the Northeast and in the Bohai Rim: their rows are compared, not added.
{% set printed = ((topics.CITY,) + topics.GROUPS) | map('sql') | join(', ') %}
{% set of_city = {"core.trade_figures": "city_trade", "mart.fdi_figures": "city_fdi", "mart.indicator_figures": "city_indicator",
    "mart.presence_figures": "city_presence", "mart.trade_cities": "city_fact"} %}
{{ stored("core.topic_value") }} AS
-- Whether the year before is of another publisher: press pages that pass on one publisher's figures are one.
SELECT *, coalesce(split_part(dataset, '.via_', 1) <> split_part(lag(dataset) OVER (PARTITION BY topic, place ORDER BY year), '.via_', 1), false) AS is_seam
FROM (
WITH city_trade AS MATERIALIZED (SELECT *, reporter AS at FROM core.trade_figures WHERE reporter IN ({{ printed }}) AND is_preferred),
city_fact AS MATERIALIZED (SELECT *, city AS at FROM mart.trade_cities WHERE city = '{{ topics.CITY }}'),
city_fdi AS MATERIALIZED (SELECT *, reporter AS at FROM mart.fdi_figures WHERE reporter IN ({{ printed }}) AND is_preferred),
city_indicator AS MATERIALIZED (SELECT *, place AS at FROM mart.indicator_figures WHERE place IN ({{ printed }}) AND is_preferred),
city_presence AS MATERIALIZED (SELECT *, place AS at FROM mart.presence_figures WHERE place IN ({{ printed }}) AND is_preferred)
-- Each mart is read once: a row gives a value to each of its topics.
{% for mart, of_mart in topics.TOPICS | groupby("mart") %}
SELECT v.number.topic AS topic, v.place, v.year, CAST(sum(v.number.value) AS DOUBLE) AS value, max(v.number.dataset) AS dataset
FROM (
    SELECT t.{{ of_mart[0].place }} AS place, t.year, unnest([
        {% for t in of_mart %}
        {'topic': {{ t.name | sql }}, 'value': CASE WHEN {{ t.where }} THEN ({{ t.value }})::DOUBLE END, 'dataset': {{ t.provenance }}}{{ "," if not loop.last }}
        {% endfor %}
    ]) AS number
    FROM mart.{{ mart }} AS t SEMI JOIN (SELECT place FROM ref.place WHERE kind = 'province') AS k ON k.place = t.{{ of_mart[0].place }}
) AS v
WHERE v.number.value IS NOT NULL
GROUP BY v.number.topic, v.place, v.year
UNION ALL
{% endfor %}
{% for figures, of_city_figures in topics.TOPICS | groupby("city_figures") %}
SELECT v.number.topic, v.at, v.year, arg_min(v.number.value, (v.number.dataset, v.number.value)), min(v.number.dataset)
FROM (
    SELECT f.at, f.year, unnest([
        {% for t in of_city_figures %}
        {'topic': {{ t.name | sql }}, 'value': CASE WHEN {{ t.city_where }} THEN ({{ t.city_amount }})::DOUBLE END, 'dataset': {{ t.city_provenance }}}{{ "," if not loop.last }}
        {% endfor %}
    ]) AS number
    FROM {{ of_city[figures] }} AS f
) AS v
WHERE v.number.value IS NOT NULL
GROUP BY v.number.topic, v.at, v.year  -- of preferred figures that differ in what is not asked here, one
{{ "UNION ALL" if not loop.last }}
{% endfor %}
)
ORDER BY topic, place, year;

{{ stored("mart.disparity") }} AS
WITH topic(topic, unit) AS (VALUES
{% for t in topics.TOPICS %}
    ({{ t.name | sql }}, {{ t.unit | sql }}){{ "," if not loop.last }}
{% endfor %}
),
compared AS (SELECT unnest([{{ topics.PLACES | map("sql") | join(", ") }}]) AS place),
year AS (SELECT DISTINCT year FROM core.topic_value),
member AS (
    SELECT c.place, y.year, coalesce(g.member, c.place) AS member
    FROM compared AS c CROSS JOIN year AS y LEFT JOIN ref.place_group AS g ON g.place_group = c.place
        AND coalesce(g.valid_from, DATE '0001-01-01') <= make_date(y.year, 12, 31) AND coalesce(g.valid_to, DATE '9999-12-31') > make_date(y.year, 12, 31)
    -- Of a group of provinces and cities the provinces: the Pearl River Delta is Guangdong.
    WHERE g.member IS NULL OR g.member IN (SELECT place FROM ref.place WHERE kind = 'province')
),
gdp AS (SELECT place, year, value_usd::DOUBLE AS gdp_usd FROM mart.indicator WHERE indicator = 'gdp' AND unit = 'CNY' AND value_usd > 0),
population AS (SELECT place, year, value AS population FROM core.topic_value WHERE topic = 'population' AND value > 0),
summed AS (
    SELECT m.place, m.year, t.topic, t.unit, count(*) AS member_count, count(v.value) AS members_with_figure, sum(v.value) AS partial_value,
        sum(v.value) FILTER (p.population IS NOT NULL) / sum(p.population) FILTER (v.value IS NOT NULL) AS per_head,
        sum(v.value) FILTER (g.gdp_usd IS NOT NULL) / (sum(g.gdp_usd) FILTER (v.value IS NOT NULL) / 1e9) AS per_gdp_billion,
        sum(p.population) FILTER (v.value IS NOT NULL) / CASE WHEN count(p.population) = count(*) THEN sum(p.population) END AS covered_population_share,
        sum(p.population) AS population, sum(g.gdp_usd) / 1e9 AS gdp_billion, count(p.population) = count(*) AS has_population, count(g.gdp_usd) = count(*) AS has_gdp,
        coalesce(bool_or(v.is_seam), false) AS is_seam, string_agg(DISTINCT v.dataset, ';' ORDER BY v.dataset) AS datasets
    FROM member AS m CROSS JOIN topic AS t
    LEFT JOIN core.topic_value AS v ON v.topic = t.topic AND v.place = m.member AND v.year = m.year
    LEFT JOIN population AS p ON p.place = m.member AND p.year = m.year
    LEFT JOIN gdp AS g ON g.place = m.member AND g.year = m.year
    GROUP BY m.place, m.year, t.topic, t.unit
),
-- What is printed for a region as a whole stands where its members have no sum.
valued AS (
    SELECT s.* EXCLUDE (per_head, per_gdp_billion, datasets), s.members_with_figure < s.member_count AND w.value IS NOT NULL AS is_printed,
        CASE WHEN is_printed THEN w.value WHEN s.members_with_figure = s.member_count THEN s.partial_value END AS topic_value,
        CASE WHEN s.topic = 'population' THEN NULL WHEN NOT is_printed THEN s.per_head WHEN s.has_population THEN w.value / s.population END AS per_head,
        CASE WHEN s.topic = 'gdp_cny' THEN NULL WHEN NOT is_printed THEN s.per_gdp_billion WHEN s.has_gdp THEN w.value / s.gdp_billion END AS per_gdp_billion,
        concat_ws(';', s.datasets, CASE WHEN is_printed THEN w.dataset END) AS datasets
    FROM summed AS s LEFT JOIN core.topic_value AS w ON w.topic = s.topic AND w.place = s.place AND w.year = s.year AND s.place IN ({{ topics.GROUPS | map("sql") | join(", ") }})
)
SELECT s.topic, s.unit, s.place, p.name AS place_name, s.year, s.member_count, s.members_with_figure,
    s.topic_value, CASE WHEN s.is_printed THEN 'printed for the region' WHEN s.topic_value IS NULL THEN NULL WHEN s.member_count = 1 THEN 'of the place'
        ELSE 'sum of members' END AS value_basis, s.is_seam,
    s.partial_value AS topic_value_partial, s.per_head, s.per_gdp_billion, s.covered_population_share,
    CASE WHEN s.place IN ('CN-LN', 'CN-JL', 'CN-HL', {{ topics.CITY | sql }}) AND n.topic_value > 0 THEN s.topic_value / n.topic_value END AS share_of_northeast,
    CASE WHEN s.place IN ('CN-LN', 'CN-JL', 'CN-HL', {{ topics.CITY | sql }}) THEN n.members_with_figure END AS northeast_members_with_figure,
    -- Either side without one of its provinces would be another place: Liaoning alone is far richer in ties than the three.
    CASE WHEN n.per_head > 0 AND n.topic_value IS NOT NULL AND s.topic_value IS NOT NULL THEN s.per_head / n.per_head END AS per_head_over_northeast,
    nullif(s.datasets, '') AS datasets,
    CASE WHEN s.topic_value IS NOT NULL THEN NULL
         WHEN s.members_with_figure = 0 THEN 'no figure of this topic and year is loaded'
         ELSE 'figures of ' || s.members_with_figure || ' of ' || s.member_count || ' members' END AS why_not
FROM valued AS s
JOIN ref.place AS p ON p.place = s.place
JOIN valued AS n ON n.place = 'CN_NORTHEAST' AND n.topic = s.topic AND n.year = s.year
ORDER BY topic, place, year;

-- How much of the Northeast is in Liaoning and in Dalian, and of Liaoning in Dalian. A share is of figures of one year and one dataset, since datasets
-- differ in count and edition (a city's product as first printed is no part of its province's as revised). Few figures of trade and investment with Japan
-- are so: what lies a few years apart, or is of several datasets, has a ratio in a column of its own, and the row says of which years. The whole is the sum
-- of the three provinces, or what is printed for them together where they have no sum of the year itself.
{{ stored("mart.northeast_shares") }} AS
WITH part AS (FROM core.topic_value WHERE place IN ('CN-LN', {{ topics.CITY | sql }})),
near AS (
    SELECT p.topic, p.place, p.year, o.place AS member, arg_min(o.year, (abs(o.year - p.year), -o.year)) AS member_year,
        arg_min(o.value, (abs(o.year - p.year), -o.year)) AS value, arg_min(o.dataset, (abs(o.year - p.year), -o.year)) AS dataset
    FROM part AS p JOIN core.topic_value AS o ON o.topic = p.topic AND abs(o.year - p.year) <= {{ topics.MOST_YEARS_APART }}
    WHERE o.place IN ('CN-LN', 'CN-JL', 'CN-HL', 'CN_NORTHEAST') AND o.place <> p.place OR (o.place = 'CN-LN' AND p.place = 'CN-LN' AND o.year = p.year)
    GROUP BY ALL
),
population AS (SELECT place, year, value AS people FROM core.topic_value WHERE topic = 'population'),
whole AS (
    SELECT topic, place, year, 'CN-LN' AS whole, 'of the place' AS value_basis, value, value AS value_of_known, 1 AS members_with_figure, 1 AS member_count,
        member_year::VARCHAR AS whole_years, abs(member_year - year) AS years_apart, dataset AS datasets, 1::DOUBLE AS covered_population_share
    FROM near WHERE place = {{ topics.CITY | sql }} AND member = 'CN-LN'
    UNION ALL
    SELECT n.topic, n.place, n.year, 'CN_NORTHEAST', 'sum of members', CASE WHEN count(*) = 3 THEN sum(n.value) END, sum(n.value), count(*), 3,
        string_agg(n.member || ' ' || n.member_year, ', ' ORDER BY n.member), max(abs(n.member_year - n.year)), string_agg(DISTINCT n.dataset, ';' ORDER BY n.dataset),
        sum(p.people) / any_value(t.people)
    FROM near AS n LEFT JOIN population AS p ON p.place = n.member AND p.year = n.year
    LEFT JOIN (SELECT year, sum(people) AS people FROM population WHERE place IN ('CN-LN', 'CN-JL', 'CN-HL') GROUP BY year HAVING count(*) = 3) AS t ON t.year = n.year
    WHERE n.member <> 'CN_NORTHEAST' GROUP BY ALL HAVING count(*) > 1
    UNION ALL
    SELECT topic, place, year, 'CN_NORTHEAST', 'printed for the region', value, value, 3, 3, member_year::VARCHAR, abs(member_year - year), dataset, 1
    FROM near WHERE member = 'CN_NORTHEAST'
)
SELECT w.topic, t.unit, w.place, p.name AS place_name, w.year, w.whole, q.name AS whole_name, w.value_basis AS whole_basis, w.whole_years, w.years_apart::BIGINT AS years_apart,
    v.value AS place_value, w.value AS whole_value, w.value_of_known AS whole_value_partial, w.members_with_figure, w.member_count::BIGINT AS member_count, w.covered_population_share,
    CASE WHEN w.is_like AND v.value <= w.value THEN v.value / nullif(w.value, 0) END AS share,
    CASE WHEN w.is_like AND v.value <= w.value_of_known THEN v.value / nullif(w.value_of_known, 0) END AS share_of_known,
    -- What provinces call utilised is counted narrowly by some publishers and widely by others, several times apart.
    CASE WHEN NOT w.is_like AND w.topic <> 'fdi_utilised_usd' THEN v.value / nullif(w.value_of_known, 0) END AS ratio_of_unlike,
    concat_ws(';', v.dataset, nullif(array_to_string(list_filter(string_split(w.datasets, ';'), lambda one: one <> v.dataset), ';'), '')) AS datasets,
    nullif(concat_ws('; ',
        CASE WHEN w.value IS NULL THEN 'figures of ' || w.members_with_figure || ' of ' || w.member_count || ' provinces no more than {{ topics.MOST_YEARS_APART }} years apart' END,
        CASE WHEN w.years_apart > 0 THEN 'figures of unlike years: ' || w.year || ' over ' || w.whole_years
             WHEN NOT w.is_like THEN 'figures of several datasets, which may differ in count or edition' END,
        CASE WHEN v.value > w.value THEN 'more than the whole: two counts that do not compare' END), '') AS why_not
FROM (
    SELECT w.*, w.years_apart = 0 AND w.datasets = v.dataset AS is_like
    FROM whole AS w JOIN part AS v USING (topic, place, year)
    ANTI JOIN (FROM whole WHERE value_basis = 'sum of members' AND value IS NOT NULL AND years_apart = 0) AS summed
        ON w.value_basis = 'printed for the region' AND summed.topic = w.topic AND summed.place = w.place AND summed.year = w.year
) AS w JOIN part AS v USING (topic, place, year)
JOIN (VALUES {% for t in topics.TOPICS %}({{ t.name | sql }}, {{ t.unit | sql }}){{ ", " if not loop.last }}{% endfor %}) AS t(topic, unit) USING (topic)
JOIN ref.place AS p ON p.place = w.place JOIN ref.place AS q ON q.place = w.whole
ORDER BY topic, place, year, whole, whole_basis;
