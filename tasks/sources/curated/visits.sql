-- A publisher's account of one event is one publication line: two publishers' accounts stand side by side.
SELECT
    a.row_number,
    a.event || '.' || trim(regexp_replace(lower(a.publisher), '[^a-z0-9]+', '_', 'g'), '_') AS dataset,
    a.* EXCLUDE (row_number)
FROM accepted AS a
