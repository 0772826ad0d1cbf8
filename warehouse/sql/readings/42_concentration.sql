{# subject, place, its name, member, measure, suffix of its column, mart, rows that are meant, place in the cells of the mart and the
   cells that are published totals of all members. A row's total_method does not say so: the row of a chapter may be itself a
   published total, that over partners. #}
{% set of_reporter = "a <> '_T' AND b = '_T'" %}
{% set of_all = "a = '_T' AND b = '_T'" %}
{% set subjects = (
    ("exports by partner", "reporter", "reporter_name", "partner", "exports", "_usd", "trade", "reporter <> '_X'", "a", of_reporter),
    ("imports by partner", "reporter", "reporter_name", "partner", "imports", "_usd", "trade", "reporter <> '_X'", "a", of_reporter),
    ("exports by chapter", "reporter", "reporter_name", "product", "exports", "_usd", "trade_chapters", "true", "reporter", of_all),
    ("imports by chapter", "reporter", "reporter_name", "product", "imports", "_usd", "trade_chapters", "true", "reporter", of_all),
    ("MOFCOM utilised investment by origin", "reporter", "reporter_name", "counterpart", "mofcom_utilised", "_usd", "fdi", "reporter <> '_X'", "a", of_reporter),
    ("inward position by counterpart", "reporter", "reporter_name", "counterpart", "position_inward", "_usd", "fdi", "reporter <> '_X'", "a", of_reporter),
    ("outward position by counterpart", "reporter", "reporter_name", "counterpart", "position_outward", "_usd", "fdi", "reporter <> '_X'", "a", of_reporter),
    ("utilised investment by province", "country", "country", "province", "utilised", "_usd", "fdi_provinces", "true", "'CHN'", of_all),
    ("exports by province", "country", "country", "province", "exports_by_operator", "_usd", "trade_provinces", "true", "'CHN'", of_all),
    ("bases by province", "economy", "economy", "place", "bases", "", "presence", "origin = 'JPN'", "economy", of_all ~ " AND origin_economy = 'JPN'"),
    ("registered companies by province", "economy", "economy", "place", "registered_companies", "", "presence", "origin = 'JPN'", "economy", of_all ~ " AND origin_economy = 'JPN'"),
    ("parent companies by province", "economy", "economy", "place", "parent_companies", "", "presence", "origin = 'JPN'", "economy", of_all ~ " AND origin_economy = 'JPN'"),
) %}
-- How unevenly something is spread over its members: trade over partners, investment over origins, companies over places. There is a
-- measure only where a total was published and single members reach at least nine tenths of it (covered_share); otherwise
-- why_not says why there is none. Shares are of the sum of the members above zero.
{{ stored("mart.concentration") }} AS
WITH amount AS (
    {% for subject, place, name, member, measure, suffix, table, rows, place_of_total, is_total in subjects %}
    SELECT {{ subject | sql }} AS subject, {{ place }} AS place, {{ name }} AS place_name, year, {{ member }} AS member,
        CAST(sum({{ measure }}{{ suffix }}) AS DECIMAL(38, 3)) AS amount
    FROM mart.{{ table }} WHERE {{ measure }}{{ suffix }} IS NOT NULL AND {{ rows }} GROUP BY ALL
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),
published AS (
    {% for subject, place, name, member, measure, suffix, table, rows, place_of_total, is_total in subjects %}
    SELECT DISTINCT {{ subject | sql }} AS subject, {{ place_of_total }} AS place, year
    FROM core.{{ table }}_cell WHERE measure = {{ measure | sql }} AND value IS NOT NULL AND {{ is_total }}
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),
summed AS (
    SELECT subject, place, any_value(place_name) AS place_name, year, sum(amount) AS total,
        (subject, place, year) IN (SELECT (subject, place, year) FROM published) AS has_total,
        coalesce(sum(amount) FILTER (NOT starts_with(member, '_')), 0) AS members_total,
        count(*) FILTER (NOT starts_with(member, '_') AND amount > 0) AS members,
        sum(amount) FILTER (NOT starts_with(member, '_') AND amount > 0) AS positive
    FROM amount GROUP BY subject, place, year
),
judged AS (
    SELECT *, CASE
        WHEN NOT has_total THEN 'no total was published'
        WHEN total <= 0 THEN 'the total is not above zero'
        WHEN members < 2 THEN 'fewer than two members have a figure'
        WHEN members_total < 0.9 * total THEN 'members reach less than 0.9 of the total'
        WHEN members_total > 1.1 * total THEN 'members are more than 1.1 of the total' END AS why_not
    FROM summed
),
measured AS (
    SELECT subject, place, year, sum((amount / s.positive) ^ 2) AS h, arg_max(member, (amount, member)) AS largest,
        max(amount / s.positive) AS largest_share
    FROM amount AS a JOIN judged AS s USING (subject, place, year)
    WHERE s.why_not IS NULL AND NOT starts_with(a.member, '_') AND a.amount > 0 GROUP BY ALL
)
SELECT s.subject, s.place, s.place_name, s.year, s.members, CAST(s.members_total AS DECIMAL(38, 2)) AS members_total,
    CAST(CASE WHEN s.has_total THEN s.total END AS DECIMAL(38, 2)) AS published_total,
    CAST(CASE WHEN s.has_total AND s.total > 0 THEN s.members_total / s.total END AS DECIMAL(18, 6)) AS covered_share, s.why_not,
    CAST(m.h AS DECIMAL(18, 6)) AS hhi,
    CAST((m.h - 1 / s.members) / (1 - 1 / s.members) AS DECIMAL(18, 6)) AS hhi_normalised,
    CAST((sqrt(m.h) - sqrt(1 / s.members)) / (1 - sqrt(1 / s.members)) AS DECIMAL(18, 6)) AS hhi_unctad,
    m.largest, CAST(m.largest_share AS DECIMAL(18, 6)) AS largest_share
FROM judged AS s
LEFT JOIN measured AS m USING (subject, place, year)
ORDER BY subject, place, year;
