-- Loads whose files have quarantined rows no longer count as done: those of a source, or of files by their hashes or names, if given.
UPDATE meta.loads
SET identity = 'to be replayed'
WHERE artifact IN (
    SELECT artifact FROM meta.quarantine
    WHERE ($source IS NULL OR source = $source)
        AND ($files IS NULL OR list_contains($files::VARCHAR[], artifact) OR list_contains($files::VARCHAR[], filename)))
