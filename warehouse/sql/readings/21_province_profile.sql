-- One row a province and year, from the facts; the measures are listed in schemas/profile.py. An amount that adds up to no published
-- total (one partner, one origin) is not the province's and is left out. A visit is an event in which the province took
-- part, in either country; an event of one of its cities is an event of the province. "_one_release" has only those years
-- of an indicator that come from its newest release, without a seam.
{% macro fits(measure) -%}
{% for column, value in measure.where.items() %}f.{{ column }} = {{ value | sql }}{{ " AND " if not loop.last }}{% endfor %}{{ "true" if not measure.where }}
{%- endmacro %}
{% macro from_indicator(indicator_mart) %}
{% set candidates = profile | selectattr("mart", "eq", "indicator") | list %}
SELECT f.place, f.year,
    CASE{% for m in candidates %} WHEN {{ fits(m) }} THEN {{ m.name | sql }}{% endfor %} END AS measure,
    CASE{% for m in candidates %} WHEN {{ fits(m) }} THEN CAST(f.{{ m.value }} AS DECIMAL(38, 6)){% endfor %} END AS amount,
    f.source, f.dataset, f.published_on, f.published_precision, f.artifact, f.is_seam
FROM {{ indicator_mart }} AS f
WHERE f.place_kind = 'province' AND measure IS NOT NULL AND amount IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY f.place, f.year, measure ORDER BY f.unit <> 'USD', f.unit) = 1
{% endmacro %}
CREATE OR REPLACE VIEW core.province_event AS
SELECT DISTINCT p.place, year(v.started_on)::INTEGER AS year, v.event, v.side, v.source, v.dataset, v.published_on, v.published_precision, v.artifact
FROM (SELECT *, unnest(list_distinct(list_append(string_split(coalesce(held_in, place), ';'), place))) AS at FROM mart.visits) AS v
JOIN ref.place AS k ON k.place = v.at
JOIN ref.place AS p ON p.kind = 'province' AND p.place IN (k.place, k.parent);

-- A tie that two publishers print is one milestone.
CREATE OR REPLACE VIEW core.province_tie AS
SELECT p.place, m.milestone, m.year, m.source, m.dataset, m.published_on, m.published_precision, m.artifact
FROM (SELECT *, unnest(string_split(places, ';')) AS at FROM mart.milestones WHERE kind = 'sister_tie' AND places LIKE '%JP%') AS m
JOIN ref.place AS c ON c.place = m.at
JOIN ref.place AS p ON p.kind = 'province' AND p.place IN (c.place, c.parent);

{% for name, indicator_mart in (("province_profile", "mart.indicator"), ("province_profile_one_release", "mart.indicator_one_release")) %}
{{ stored("mart." ~ name) }} AS
WITH province AS (SELECT place, name FROM ref.place WHERE kind = 'province'),
chosen AS (
    {{ from_indicator(indicator_mart) }}
    {% for m in profile if m.mart != "indicator" %}
    UNION ALL
    SELECT {{ "place" if m.mart == "presence" else "province" }}, year, {{ m.name | sql }}, CAST(sum({{ m.value }}) AS DECIMAL(38, 6)),
        any_value({{ m.provenance }}.source), any_value({{ m.provenance }}.dataset), max({{ m.provenance }}.published_on),
        arg_max({{ m.provenance }}.published_precision, {{ m.provenance }}.published_on), max({{ m.provenance }}.artifact),
        {% if m.has_seam %}bool_or(regexp_matches(coalesce(f.seams, ''), '(^|; ){{ m.value }}: ')){% else %}NULL{% endif %}
    FROM mart.{{ m.mart }} AS f
    WHERE {{ fits(m) }} AND {{ m.provenance }}.total_method <> 'none published'
      AND {{ "place_kind = 'province'" if m.mart == "presence" else "province <> '_X'" }}
    GROUP BY ALL
    {% endfor %}
),
visit AS (
    SELECT place, year, count(DISTINCT event) AS japan_visits, count(DISTINCT event) FILTER (side = 'China') AS visits_by_chinese,
        count(DISTINCT event) FILTER (side = 'Japan') AS visits_by_japanese,
        string_agg(DISTINCT source, ';' ORDER BY source) AS source, string_agg(DISTINCT dataset, ';' ORDER BY dataset) AS dataset,
        max(published_on) AS published_on, arg_max(published_precision, published_on) AS published_precision,
        string_agg(DISTINCT artifact, ';' ORDER BY artifact) AS artifact
    FROM core.province_event GROUP BY ALL
),
zone AS (
    SELECT place, min(year) AS since, arg_min(source, year) AS source, arg_min(dataset, year) AS dataset,
        arg_min(published_on, year) AS published_on, arg_min(published_precision, year) AS published_precision, arg_min(artifact, year) AS artifact
    FROM mart.milestone_places WHERE kind = 'free_trade_zone' AND year IS NOT NULL AND place <> '_X' GROUP BY ALL
),
row_of AS (
    SELECT place, year FROM chosen
    UNION SELECT place, year FROM visit
    UNION SELECT place, year FROM core.province_tie WHERE year IS NOT NULL
    UNION SELECT z.place, z.since FROM zone AS z JOIN province USING (place)
),
every AS (
    SELECT place, year, measure, amount, source, dataset, published_on, published_precision, artifact, is_seam FROM chosen
    {% for measure in ("japan_visits", "visits_by_chinese", "visits_by_japanese") %}
    UNION ALL
    SELECT place, year, '{{ measure }}', {{ measure }}, source, dataset, published_on, published_precision, artifact, NULL FROM visit WHERE {{ measure }} > 0
    {% endfor %}
    {% for measure, condition in (("sister_ties", "t.year <= r.year"), ("sister_ties_undated", "t.year IS NULL")) %}
    UNION ALL
    SELECT r.place, r.year, '{{ measure }}', count(DISTINCT t.milestone), string_agg(DISTINCT t.source, ';' ORDER BY t.source),
        string_agg(DISTINCT t.dataset, ';' ORDER BY t.dataset), max(t.published_on), arg_max(t.published_precision, t.published_on),
        string_agg(DISTINCT t.artifact, ';' ORDER BY t.artifact), NULL
    FROM row_of AS r JOIN core.province_tie AS t ON t.place = r.place AND {{ condition }} GROUP BY r.place, r.year
    {% endfor %}
    UNION ALL
    SELECT r.place, r.year, 'free_trade_zone_since', z.since, z.source, z.dataset, z.published_on, z.published_precision, z.artifact, NULL
    FROM row_of AS r JOIN zone AS z ON z.place = r.place AND z.since <= r.year
)
SELECT
    p.place, p.name AS place_name, e.year,
    {% for m in profile %}
    max(e.amount) FILTER (measure = {{ m.name | sql }}) AS {{ m.name }},
    {% if m.has_seam %}
    coalesce(bool_or(e.is_seam) FILTER (measure = {{ m.name | sql }}), false) AS {{ m.name }}_is_seam,
    {% endif %}
    {% endfor %}
    max(e.amount) FILTER (measure = 'free_trade_zone_since')::INTEGER AS free_trade_zone_since,
    {% for measure in ("sister_ties", "sister_ties_undated", "japan_visits", "visits_by_chinese", "visits_by_japanese") %}
    coalesce(max(e.amount) FILTER (measure = '{{ measure }}'), 0)::BIGINT AS {{ measure }},
    {% endfor %}
    '{' || string_agg(to_json(measure)::VARCHAR || ':' || json_object(
        'source', source, 'dataset', dataset, 'published_on', published_on,
        'published_precision', published_precision, 'artifact', artifact)::VARCHAR, ','
        ORDER BY measure) || '}' AS provenance
FROM every AS e
JOIN province AS p USING (place)
GROUP BY p.place, p.name, e.year
ORDER BY place, year;
{% endfor %}
