-- Rows in quarantine, of one source or file if given.
SELECT artifact, source, filename, table_name, row_number, stage, rules, raw, quarantined_at
FROM meta.quarantine
WHERE ($source IS NULL OR source = $source) AND ($filename IS NULL OR filename = $filename)
ORDER BY source, filename, table_name, row_number
