-- The quarantine holds every row that the last load of a file refused
-- severity: stop
SELECT l.filename, l.rows_quarantined, count(q.row_number) AS held
FROM (FROM meta.loads QUALIFY row_number() OVER (PARTITION BY source, filename, artifact ORDER BY load DESC) = 1) AS l
LEFT JOIN meta.quarantine AS q ON q.artifact = l.artifact AND q.source = l.source
WHERE l.load IN (SELECT max(load) FROM meta.loads GROUP BY source, filename)
GROUP BY l.load, l.filename, l.rows_quarantined
HAVING count(q.row_number) <> l.rows_quarantined
