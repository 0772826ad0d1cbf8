-- The profile of every group of provinces, with those that belonged to it at the end of the year. A number is there only
-- where all members have one; what the others add up to is in its own column, with how many have one.
{{ stored("mart.region_profile") }} AS
WITH region AS (
    SELECT g.place_group
    FROM ref.place_group AS g JOIN ref.place AS p ON p.place = g.member
    GROUP BY ALL HAVING bool_and(p.kind = 'province')
),
member AS (
    SELECT g.place_group, y.year, g.member
    FROM region JOIN ref.place_group AS g USING (place_group)
    CROSS JOIN (SELECT DISTINCT year FROM mart.province_profile) AS y
    WHERE coalesce(g.valid_from, DATE '0001-01-01') <= make_date(y.year, 12, 31)
      AND coalesce(g.valid_to, DATE '9999-12-31') > make_date(y.year, 12, 31)
)
SELECT
    m.place_group AS place, p.name AS place_name, m.year, count(*) AS member_count,
    string_agg(m.member, ';' ORDER BY m.member) AS member_places,
    string_agg(n.name, ';' ORDER BY m.member) AS member_names,
    {% for measure in profile | map(attribute="name") %}
    CASE WHEN count(f.{{ measure }}) = count(*) THEN sum(f.{{ measure }}) END AS {{ measure }},
    sum(f.{{ measure }}) AS {{ measure }}_partial,
    count(f.{{ measure }}) AS {{ measure }}_members,
    {% endfor %}
    count(*) FILTER (f.free_trade_zone_since <= m.year) AS free_trade_zone_members,
    {% for measure in profile | selectattr("has_seam") | map(attribute="name") %}
    coalesce(bool_or(f.{{ measure }}_is_seam), false) AS {{ measure }}_is_seam,
    {% endfor %}
    {% for measure in ("sister_ties", "sister_ties_undated") %}
    coalesce(sum(f.{{ measure }}), 0)::BIGINT AS {{ measure }},
    {% endfor %}
    {% for measure in ("japan_visits", "visits_by_chinese", "visits_by_japanese") %}
    coalesce(max(v.{{ measure }}), 0) AS {{ measure }},
    {% endfor %}
    '{' || string_agg(to_json(m.member)::VARCHAR || ':' || coalesce(f.provenance, 'null'), ',' ORDER BY m.member) || '}' AS provenance
FROM member AS m
JOIN ref.place AS p ON p.place = m.place_group
JOIN ref.place AS n ON n.place = m.member
LEFT JOIN mart.province_profile AS f ON f.place = m.member AND f.year = m.year
LEFT JOIN (  -- an event that several members took part in is one event
    SELECT b.place_group, b.year, count(DISTINCT e.event) AS japan_visits, count(DISTINCT e.event) FILTER (e.side = 'China') AS visits_by_chinese,
        count(DISTINCT e.event) FILTER (e.side = 'Japan') AS visits_by_japanese
    FROM member AS b JOIN core.province_event AS e ON e.place = b.member AND e.year = b.year
    GROUP BY ALL
) AS v ON v.place_group = m.place_group AND v.year = m.year
GROUP BY m.place_group, p.name, m.year
HAVING count(f.place) > 0
ORDER BY place, year;
