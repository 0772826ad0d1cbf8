-- Loads of a source's files, oldest first. Parameter: source.
SELECT artifact, filename, identity FROM meta.loads WHERE source = ? ORDER BY load
