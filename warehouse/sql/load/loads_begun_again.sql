-- Earlier loads of these files no longer count as done. Parameters: source, filenames, artifacts.
UPDATE meta.loads
SET identity = 'begun again'
WHERE source = ? AND (list_contains(?, filename) OR list_contains(?, artifact))
