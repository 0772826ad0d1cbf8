-- The rows of a file that an earlier load quarantined. "replaces_file": also those of earlier bytes under its name.
-- Parameters: source, table_name, artifact, whether it replaces the file, filename.
DELETE FROM meta.quarantine
WHERE source = ? AND table_name = ? AND (artifact = ? OR (? AND filename = ?))
