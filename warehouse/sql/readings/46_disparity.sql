-- The Northeast, its provinces and Dalian against three regions of the coast. One value a place, year and topic (schemas/topics.py); a
-- region's is the sum of its members, there only where all have one. Per head and per GDP are over those members that have all that is needed.
-- The deltas and the Bohai Rim are whole provinces, and Liaoning is in the Northeast and in the Bohai Rim: their rows are compared, not added.
{% set of_city = {"core.trade_figures": "city_trade", "mart.fdi_figures": "city_fdi", "mart.indicator_figures": "city_indicator",
    "mart.presence_figures": "city_presence", "mart.trade_cities": "city_fact"} %}
{{ stored("core.topic_value") }} AS
WITH city_trade AS MATERIALIZED (SELECT *, reporter AS at FROM core.trade_figures WHERE reporter = '{{ topics.CITY }}' AND is_preferred),
city_fact AS MATERIALIZED (SELECT *, city AS at FROM mart.trade_cities WHERE city = '{{ topics.CITY }}'),
city_fdi AS MATERIALIZED (SELECT *, reporter AS at FROM mart.fdi_figures WHERE reporter = '{{ topics.CITY }}' AND is_preferred),
city_indicator AS MATERIALIZED (SELECT *, place AS at FROM mart.indicator_figures WHERE place = '{{ topics.CITY }}' AND is_preferred),
city_presence AS MATERIALIZED (SELECT *, place AS at FROM mart.presence_figures WHERE place = '{{ topics.CITY }}' AND is_preferred)
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
        string_agg(DISTINCT v.dataset, ';' ORDER BY v.dataset) AS datasets
    FROM member AS m CROSS JOIN topic AS t
    LEFT JOIN core.topic_value AS v ON v.topic = t.topic AND v.place = m.member AND v.year = m.year
    LEFT JOIN population AS p ON p.place = m.member AND p.year = m.year
    LEFT JOIN gdp AS g ON g.place = m.member AND g.year = m.year
    GROUP BY m.place, m.year, t.topic, t.unit
)
SELECT s.topic, s.unit, s.place, p.name AS place_name, s.year, s.member_count, s.members_with_figure,
    CASE WHEN s.members_with_figure = s.member_count THEN s.partial_value END AS topic_value, s.partial_value AS topic_value_partial,
    s.per_head, s.per_gdp_billion, s.covered_population_share,
    CASE WHEN s.place IN ('CN-LN', 'CN-JL', 'CN-HL', {{ topics.CITY | sql }}) AND n.partial_value > 0 AND n.members_with_figure > 1
        THEN s.partial_value / n.partial_value END AS share_of_northeast,
    CASE WHEN s.place IN ('CN-LN', 'CN-JL', 'CN-HL', {{ topics.CITY | sql }}) THEN n.members_with_figure END AS northeast_members_with_figure,
    -- A Northeast without one of its provinces would be another place: Liaoning alone is far richer in ties than the three.
    CASE WHEN n.per_head > 0 AND n.members_with_figure = n.member_count THEN s.per_head / n.per_head END AS per_head_over_northeast,
    s.datasets,
    CASE WHEN s.members_with_figure = 0 THEN 'no figure of this topic and year is loaded'
         WHEN s.members_with_figure < s.member_count THEN 'figures of ' || s.members_with_figure || ' of ' || s.member_count || ' members'
        END AS why_not
FROM summed AS s
JOIN ref.place AS p ON p.place = s.place
JOIN summed AS n ON n.place = 'CN_NORTHEAST' AND n.topic = s.topic AND n.year = s.year
ORDER BY topic, place, year;
