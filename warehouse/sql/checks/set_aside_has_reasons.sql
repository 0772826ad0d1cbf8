-- Every row that the last load of a file set aside has a reason
-- severity: stop
SELECT l.filename, l.rows_set_aside, coalesce(sum(s.rows_set_aside), 0) AS with_reason
FROM (FROM meta.loads QUALIFY row_number() OVER (PARTITION BY source, filename, artifact ORDER BY load DESC) = 1) AS l
LEFT JOIN meta.set_aside AS s ON s.artifact = l.artifact AND s.source = l.source AND s.filename = l.filename
WHERE l.load IN (SELECT max(load) FROM meta.loads GROUP BY source, filename)
GROUP BY l.load, l.filename, l.rows_set_aside
HAVING coalesce(sum(s.rows_set_aside), 0) <> l.rows_set_aside
