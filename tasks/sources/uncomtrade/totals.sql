-- The totals among records, and breakdowns without one. Of one cell differ only second partner, customs procedure and transport.
WITH printed AS (
    SELECT row_number() OVER () AS record, ({{ is_total }}) IS TRUE AS is_total, *
    FROM ({{ records }})
),
cells AS (
    SELECT {{ cell | join(", ") }}, count(*) FILTER (NOT is_total) AS broken_down, bool_or(is_total) AS has_total
    FROM printed
    GROUP BY ALL
)
SELECT r.* EXCLUDE (record, is_total), CAST(CASE WHEN r.is_total THEN g.broken_down ELSE 0 END AS VARCHAR) AS breakdown_rows
FROM printed AS r
JOIN cells AS g ON {% for name in cell %}r.{{ name }} IS NOT DISTINCT FROM g.{{ name }}{{ " AND " if not loop.last }}{% endfor %}

WHERE r.is_total OR NOT g.has_total
ORDER BY r.record
