-- The versions that "delta" replaces name the edition that replaces them.
UPDATE {{ table }} AS t
SET superseded_by = {{ edition }}
FROM delta AS d
WHERE t.rowid = d.position AND d.position IS NOT NULL
