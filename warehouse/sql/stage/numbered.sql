-- A reference file with an integer key for every row, in the order of the file: the key it had, or the next free one.
SELECT r.* EXCLUDE (record), CAST(coalesce(o.{{ key }},
    (SELECT coalesce(max({{ key }}), 0) FROM {{ table }}) + sum(CASE WHEN o.{{ key }} IS NULL THEN 1 END) OVER (ORDER BY {{ order }})
) AS VARCHAR) AS {{ key }}
FROM (SELECT *, row_number() OVER () AS record FROM {{ relation }}) AS r
LEFT JOIN {{ table }} AS o ON {{ join }}
ORDER BY r.record
