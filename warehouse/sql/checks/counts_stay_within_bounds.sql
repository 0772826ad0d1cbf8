-- The newest edition of a partition states at least half and at most twice as many figures as the one before, where that has a hundred
-- severity: warning
WITH ordered AS (
    SELECT source, table_name, partition, filename, rows_stated, is_complete,
        lag(rows_stated) OVER edition AS before, lag(is_complete) OVER edition AS was_complete,
        row_number() OVER (PARTITION BY source, table_name, partition ORDER BY coalesce(published_on::TIMESTAMPTZ, known_from) DESC, edition DESC) AS newest
    FROM meta.editions
    WHERE retracted_at IS NULL
    WINDOW edition AS (PARTITION BY source, table_name, partition ORDER BY coalesce(published_on::TIMESTAMPTZ, known_from), edition)
)
SELECT source, partition, filename, before, rows_stated
FROM ordered
-- Editions that state a part of their partition may be of any size.
WHERE newest = 1 AND is_complete AND was_complete AND before >= 100 AND (2 * rows_stated < before OR rows_stated > 2 * before)
