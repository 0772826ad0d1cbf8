-- The last load of a file. Parameters: source, filename, sha256 or NULL for whichever bytes.
SELECT artifact, table_name, identity
FROM meta.loads
WHERE source = ? AND filename = ? AND artifact = coalesce(?, artifact)
ORDER BY load DESC
LIMIT 1
