-- One row a province and year. Of several figures the one taken is, in this order: read from the publisher itself before
-- one seen through others; the latest published (one of a year that is not over by its receipt, undated ones last); a publisher's file before a figure that comes with the
-- project; trade by the operators' location before that by the goods' place; then the latest received. "provenance" says
-- for each number which that was.
-- The measures that are read from other marts are listed in schemas/profile.py.
{% macro belongs_to(measure) -%}
{% for column, value in measure.where.items() %}f.{{ column }} = {{ value | sql }}{{ " AND " if not loop.last }}{% endfor %}
{%- endmacro %}
{% macro measure_of(candidates) -%}
CASE{% for m in candidates %} WHEN {{ belongs_to(m) }} THEN {{ m.name | sql }}{% endfor %} END
{%- endmacro %}
{% macro converted(candidates) -%}
CASE WHEN f.unit <> 'USD' AND (false{% for m in candidates if m.in_usd %} OR {{ belongs_to(m) }}{% endfor %})
            THEN CAST(core.to_usd(f.value, r.rate) AS DECIMAL(38, 6)) ELSE CAST(f.value AS DECIMAL(38, 6)) END
{%- endmacro %}
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
    {% for mart, place, basis in (
        ("indicator", "f.place", "NULL"), ("trade", "f.reporter", "f.basis"), ("fdi", "f.reporter", "NULL"), ("presence", "f.place", "NULL"),
    ) %}
    {% set candidates = profile | selectattr("mart", "eq", mart) | list %}
    {{ "UNION ALL" if not loop.first }}
    SELECT {{ place }} AS place, f.year, {{ measure_of(candidates) }} AS measure,
        {% if mart == "indicator" %}
        {{ converted(candidates) }} AS value,
        {% else %}
        CAST(f.{{ "value" if mart == "presence" else "value_usd" }} AS DECIMAL(38, 6)) AS value,
        {% endif %}
        f.source, f.dataset, {{ basis }} AS basis, f.seen_via, f.published_on, f.published_precision, f.known_from, f.artifact
    FROM mart.{{ mart }} AS f
    {% if mart == "indicator" %}
    LEFT JOIN ref.exchange_rate AS r
      ON f.unit = r.currency AND r.fx_kind = 'avg' AND r.freq = f.freq AND r.period = f.period AND r.preferred
    {% endif %}
    WHERE {{ "true" if mart == "presence" else "f.freq = 'A'" }}
    {# DuckDB pushes these down to the tables of places and products, unlike the CASE of the measure. #}
    {% for column, values in common_values(candidates).items() %}
      AND f.{{ column }} IN ({{ values | map("sql") | join(", ") }})
    {% endfor %}
    {% endfor %}
),
chosen AS (
    SELECT f.* EXCLUDE (seen_via, known_from)
    FROM figure AS f
    JOIN province USING (place)
    WHERE f.value IS NOT NULL AND f.measure IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY place, year, measure
        ORDER BY seen_via IS NOT NULL,
            CASE published_precision WHEN 'year' THEN coalesce(published_on, known_from::DATE) ELSE published_on END DESC NULLS LAST, source = 'curated',
            CASE basis WHEN 'operator_location' THEN 0 WHEN 'goods_place' THEN 1 ELSE 2 END, known_from DESC, dataset) = 1
),
visit AS (
    SELECT place, year(started_on)::INTEGER AS year, 'japan_visits' AS measure, count(DISTINCT event) AS value,
        string_agg(DISTINCT source, ';' ORDER BY source) AS source, string_agg(DISTINCT dataset, ';' ORDER BY dataset) AS dataset,
        max(published_on) AS published_on, arg_max(published_precision, published_on) AS published_precision,
        string_agg(DISTINCT artifact, ';' ORDER BY artifact) AS artifact
    FROM mart.visits WHERE side = 'China' AND place IN (SELECT place FROM province) GROUP BY ALL
),
tie AS (  -- a tie that two publishers print is one tie, concluded on the first day that any of them gives
    SELECT l.province AS place, m.place AS tied, m.counterpart, year(min(m.opened_on))::INTEGER AS since,
        string_agg(DISTINCT m.source, ';' ORDER BY m.source) AS source, string_agg(DISTINCT m.dataset, ';' ORDER BY m.dataset) AS dataset,
        max(m.published_on) AS published_on, arg_max(m.published_precision, m.published_on) AS published_precision,
        string_agg(DISTINCT m.artifact, ';' ORDER BY m.artifact) AS artifact
    FROM mart.milestones AS m
    JOIN lies_in AS l ON l.place = m.place
    WHERE m.kind = 'sister_tie' AND (m.counterpart = 'JPN' OR starts_with(m.counterpart, 'JP-'))
    GROUP BY ALL
),
zone AS (
    SELECT place, min(year) AS since, arg_min(source, year) AS source, arg_min(dataset, year) AS dataset,
        arg_min(published_on, year) AS published_on, arg_min(published_precision, year) AS published_precision, arg_min(artifact, year) AS artifact
    FROM mart.milestones WHERE kind = 'free_trade_zone' AND year IS NOT NULL GROUP BY ALL
),
row_of AS (
    SELECT place, year FROM chosen
    UNION SELECT place, year FROM visit
    UNION SELECT place, since FROM tie WHERE since IS NOT NULL
    UNION SELECT z.place, z.since FROM zone AS z JOIN province USING (place)
),
every AS (
    SELECT place, year, measure, value, source, dataset, basis, published_on, published_precision, artifact FROM chosen
    UNION ALL
    SELECT place, year, measure, value, source, dataset, NULL, published_on, published_precision, artifact FROM visit
    UNION ALL
    SELECT r.place, r.year, 'sister_ties', count(*), string_agg(DISTINCT t.source, ';' ORDER BY t.source),
        string_agg(DISTINCT t.dataset, ';' ORDER BY t.dataset), NULL, max(t.published_on),
        arg_max(t.published_precision, t.published_on),
        string_agg(DISTINCT t.artifact, ';' ORDER BY t.artifact)
    FROM row_of AS r JOIN tie AS t ON t.place = r.place AND t.since <= r.year GROUP BY r.place, r.year
    UNION ALL
    SELECT r.place, r.year, 'sister_ties_undated', count(*), string_agg(DISTINCT t.source, ';' ORDER BY t.source),
        string_agg(DISTINCT t.dataset, ';' ORDER BY t.dataset), NULL, max(t.published_on),
        arg_max(t.published_precision, t.published_on),
        string_agg(DISTINCT t.artifact, ';' ORDER BY t.artifact)
    FROM row_of AS r JOIN tie AS t ON t.place = r.place AND t.since IS NULL GROUP BY r.place, r.year
    UNION ALL
    SELECT r.place, r.year, 'free_trade_zone_since', z.since, z.source, z.dataset, NULL, z.published_on, z.published_precision, z.artifact
    FROM row_of AS r JOIN zone AS z USING (place)
)
SELECT
    p.place, p.name AS place_name, e.year,
    {% for m in profile %}
    max(e.value) FILTER (measure = {{ m.name | sql }}) AS {{ m.name }},
    {% endfor %}
    max(e.value) FILTER (measure = 'free_trade_zone_since')::INTEGER AS free_trade_zone_since,
    {% for measure in ("sister_ties", "sister_ties_undated", "japan_visits") %}
    coalesce(max(e.value) FILTER (measure = '{{ measure }}'), 0)::BIGINT AS {{ measure }},
    {% endfor %}
    '{' || string_agg(to_json(measure)::VARCHAR || ':' || json_object(
        'source', source, 'dataset', dataset, 'basis', basis, 'published_on', published_on,
        'published_precision', published_precision, 'artifact', artifact)::VARCHAR, ','
        ORDER BY measure) || '}' AS provenance
FROM every AS e
JOIN province AS p USING (place)
GROUP BY p.place, p.name, e.year;
