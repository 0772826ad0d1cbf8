-- Decompositions by group are right only if the groups are a partition of a whole: each member is in exactly one of them.
-- Other groups (the Northeast and the Bohai Rim share Liaoning) are an error that says what is wrong.
{% set of_partition = "The groups a place belongs to on a day, for decompositions: groups, whole, day. An error unless the groups are a "
    ~ "partition of the whole: FROM partition_of(['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST'], 'CN_31_PROVINCES', '2016-12-31')" %}
{% set of_indicator = "Sums of one indicator by group: indicator, groups, whole, day of the membership. An error unless the groups are a "
    ~ "partition of the whole; value is NULL where a member has no figure" %}
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.partition_of(groups, whole, on_date) AS TABLE
WITH membership AS (
    SELECT place_group, member FROM ref.place_group
    WHERE coalesce(valid_from, DATE '0001-01-01') <= on_date::DATE AND coalesce(valid_to, DATE '9999-12-31') > on_date::DATE
),
wanted AS (
    SELECT DISTINCT unnest(groups) AS place_group
),
grouped AS (
    SELECT m.place_group, m.member FROM membership AS m JOIN wanted USING (place_group)
),
checked AS (
    SELECT string_agg(fault, '; ' ORDER BY fault) AS faults FROM (
        SELECT 'no groups are named' AS fault WHERE coalesce(len(groups), 0) = 0 OR list_count(groups) < len(groups)  -- NULL among them
        UNION ALL
        SELECT 'no whole is named' WHERE whole IS NULL
        UNION ALL
        SELECT 'no day is named' WHERE on_date IS NULL
        UNION ALL
        SELECT whole || ' is a part and the whole' WHERE list_contains(groups, whole)
        UNION ALL
        SELECT 'no group ' || place_group || ' with members on that day'
        FROM wanted WHERE place_group NOT IN (SELECT place_group FROM grouped)
        UNION ALL
        SELECT 'no group ' || whole || ' with members on that day' WHERE whole NOT IN (SELECT place_group FROM membership)
        UNION ALL
        SELECT member || ' is in ' || string_agg(place_group, ' and ' ORDER BY place_group)
        FROM grouped GROUP BY member HAVING count(*) > 1
        UNION ALL
        SELECT member || ' is not in ' || whole FROM grouped
        WHERE member NOT IN (SELECT member FROM membership WHERE place_group = whole)
        UNION ALL
        SELECT member || ' is in none of the groups' FROM membership
        WHERE place_group = whole AND member NOT IN (SELECT member FROM grouped)
    )
)
SELECT p.place_group, p.member
FROM checked AS f LEFT JOIN grouped AS p ON true
WHERE CASE WHEN f.faults IS NULL THEN true
      ELSE error('the groups are not a partition of ' || coalesce(whole, 'NULL') || ', so sums would count members twice or leave them out: ' || f.faults) END;
COMMENT ON MACRO TABLE {{ schema }}.partition_of IS {{ of_partition | sql }};
CREATE OR REPLACE MACRO {{ schema }}.indicator_by_group(wanted, groups, whole, on_date) AS TABLE
WITH part AS (
    SELECT place_group, member, count(*) OVER (PARTITION BY place_group) AS members
    FROM {{ schema }}.partition_of(groups, whole, on_date)
)
SELECT
    i.indicator, i.unit, i.year, p.place_group,
    any_value(p.members) AS members, count(i.value) AS members_with_figure,
    CASE WHEN count(i.value) = any_value(p.members) THEN sum(i.value) END AS value,
    sum(i.value) AS partial_value
FROM part AS p JOIN mart.indicator AS i ON i.place = p.member
WHERE i.indicator = wanted
GROUP BY i.indicator, i.unit, i.year, p.place_group;
COMMENT ON MACRO TABLE {{ schema }}.indicator_by_group IS {{ of_indicator | sql }};
{% endfor %}
