-- Decompositions by group, which are right only where the groups are a partition of a whole: each member in exactly one of
-- them. Anything else (the Northeast and the Bohai Rim share Liaoning) is refused, with what is wrong.
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.partition_of(groups, whole, on_date) AS TABLE
WITH held AS (
    SELECT place_group, member FROM ref.place_group
    WHERE coalesce(valid_from, DATE '0001-01-01') <= on_date::DATE AND coalesce(valid_to, DATE '9999-12-31') > on_date::DATE
),
wanted AS (
    SELECT DISTINCT unnest(groups) AS place_group
),
parts AS (
    SELECT h.place_group, h.member FROM held AS h JOIN wanted USING (place_group)
),
fault AS (
    SELECT string_agg(told, '; ' ORDER BY told) AS told FROM (
        SELECT 'no group ' || place_group || ' with members on that day' AS told
        FROM wanted WHERE place_group NOT IN (SELECT place_group FROM parts)
        UNION ALL
        SELECT 'no group ' || whole || ' with members on that day' WHERE whole NOT IN (SELECT place_group FROM held)
        UNION ALL
        SELECT member || ' is in ' || string_agg(place_group, ' and ' ORDER BY place_group)
        FROM parts GROUP BY member HAVING count(*) > 1
        UNION ALL
        SELECT member || ' is not in ' || whole FROM parts
        WHERE member NOT IN (SELECT member FROM held WHERE place_group = whole)
        UNION ALL
        SELECT member || ' is in none of the groups' FROM held
        WHERE place_group = whole AND member NOT IN (SELECT member FROM parts)
    )
)
SELECT p.place_group, p.member
FROM fault AS f LEFT JOIN parts AS p ON true
WHERE CASE WHEN f.told IS NULL THEN true
      ELSE error('the groups are no partition of ' || whole || ', so a decomposition would count twice or leave out: ' || f.told) END;
CREATE OR REPLACE MACRO {{ schema }}.indicator_by_group(wanted, groups, whole, on_date) AS TABLE
WITH part AS (
    SELECT place_group, member, count(*) OVER (PARTITION BY place_group) AS members
    FROM {{ schema }}.partition_of(groups, whole, on_date)
)
SELECT
    i.indicator, i.source, i.dataset, i.unit, i.freq, i.period, i.year, p.place_group,
    any_value(p.members) AS members, count(i.value) AS members_with_figure,
    CASE WHEN count(i.value) = any_value(p.members) THEN sum(i.value) END AS value,
    sum(i.value) AS partial_value
FROM part AS p JOIN mart.indicator AS i ON i.place = p.member
WHERE i.indicator = wanted
GROUP BY i.indicator, i.source, i.dataset, i.unit, i.freq, i.period, i.year, p.place_group;
{% endfor %}
