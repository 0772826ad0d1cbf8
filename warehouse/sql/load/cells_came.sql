-- How many cells of accepted rows have a value, and how many come only empty.
SELECT count(*) FILTER (has_value), count(*) FILTER (NOT has_value)
FROM (SELECT bool_or(value IS NOT NULL) AS has_value FROM {{ view }} GROUP BY {{ cells }})
