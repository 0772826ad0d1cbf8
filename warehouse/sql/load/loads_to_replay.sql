-- Loads whose files have quarantined rows no longer count as done. Parameters: source or NULL, twice; filename or NULL, twice.
UPDATE meta.loads
SET identity = 'to be replayed'
WHERE artifact IN (
    SELECT artifact FROM meta.quarantine WHERE (? IS NULL OR source = ?) AND (? IS NULL OR filename = ?))
