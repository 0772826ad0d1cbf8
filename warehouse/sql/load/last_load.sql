-- What the last load of a file was of. Parameters: source, filename.
SELECT artifact, table_name
FROM meta.loads
WHERE source = ? AND filename = ?
ORDER BY load DESC
LIMIT 1
