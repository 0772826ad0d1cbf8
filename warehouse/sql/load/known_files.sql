-- Names of the files of a source that are loaded or have quarantined rows. Parameters: source, twice.
SELECT filename FROM meta.editions WHERE source = ? AND retracted_at IS NULL
UNION
SELECT filename FROM meta.quarantine WHERE source = ?
