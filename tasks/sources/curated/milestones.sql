-- A publisher's list of one kind is one publication line: two publishers' lists stand side by side.
SELECT
    a.row_number,
    a.kind || '.' || trim(regexp_replace(lower(a.publisher), '[^a-z0-9]+', '_', 'g'), '_') AS dataset,
    a.* EXCLUDE (row_number)
FROM accepted AS a
