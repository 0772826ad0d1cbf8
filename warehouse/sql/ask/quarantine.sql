-- Rows in quarantine, of one source, or of files by their hashes or names, if given.
SELECT artifact, source, filename, table_name, row_number, stage, rules, raw, quarantined_at
FROM meta.quarantine
WHERE ($source IS NULL OR source = $source)
    AND ($files IS NULL OR list_contains($files::VARCHAR[], artifact) OR list_contains($files::VARCHAR[], filename))
ORDER BY source, filename, artifact, table_name, row_number
