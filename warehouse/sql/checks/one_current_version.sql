-- No cell of a dataset has two current versions
-- severity: stop
SELECT e.source, e.dataset, {{ key }}, count(*) AS versions
FROM {{ table }} AS t JOIN meta.editions AS e USING (edition)
WHERE t.superseded_by IS NULL
GROUP BY ALL
HAVING count(*) > 1
