{# subject, place, its name, member, amount, provenance, mart, rows that are meant #}
{% set subjects = (
    ("exports by partner", "reporter", "reporter_name", "partner", "exports_usd", "exports_from", "trade", "reporter <> '_X'"),
    ("imports by partner", "reporter", "reporter_name", "partner", "imports_usd", "imports_from", "trade", "reporter <> '_X'"),
    ("exports by chapter", "reporter", "reporter_name", "product", "exports_usd", "exports_from", "trade_chapters", "true"),
    ("imports by chapter", "reporter", "reporter_name", "product", "imports_usd", "imports_from", "trade_chapters", "true"),
    ("MOFCOM utilised investment by origin", "reporter", "reporter_name", "counterpart", "mofcom_utilised_usd", "mofcom_utilised_from", "fdi", "reporter <> '_X'"),
    ("inward position by counterpart", "reporter", "reporter_name", "counterpart", "position_inward_usd", "position_inward_from", "fdi", "reporter <> '_X'"),
    ("outward position by counterpart", "reporter", "reporter_name", "counterpart", "position_outward_usd", "position_outward_from", "fdi", "reporter <> '_X'"),
    ("utilised investment by province", "country", "country", "province", "utilised_usd", "utilised_from", "fdi_provinces", "true"),
    ("exports by province", "country", "country", "province", "exports_by_operator_usd", "exports_by_operator_from", "trade_provinces", "true"),
    ("bases by province", "economy", "economy", "place", "bases", "bases_from", "presence", "origin = 'JPN'"),
    ("registered companies by province", "economy", "economy", "place", "registered_companies", "registered_companies_from", "presence", "origin = 'JPN'"),
    ("parent companies by province", "economy", "economy", "place", "parent_companies", "parent_companies_from", "presence", "origin = 'JPN'"),
) %}
-- How unevenly something is spread over its members: trade over partners, investment over origins, companies over places. There is a
-- measure only where a total was published and single members reach at least nine tenths of it (covered_share); otherwise
-- why_not says why there is none. Shares are of the sum of the members above zero.
{{ stored("mart.concentration") }} AS
WITH amount AS (
    {% for subject, place, name, member, amount, provenance, table, rows in subjects %}
    SELECT {{ subject | sql }} AS subject, {{ place }} AS place, {{ name }} AS place_name, year, {{ member }} AS member,
        CAST(sum({{ amount }}) AS DECIMAL(38, 3)) AS amount, bool_or({{ provenance }}.total_method <> 'none published') AS has_total
    FROM mart.{{ table }} WHERE {{ amount }} IS NOT NULL AND {{ rows }} GROUP BY ALL
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),
summed AS (
    SELECT subject, place, any_value(place_name) AS place_name, year, sum(amount) AS total, bool_or(has_total) AS has_total,
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
