-- The editions of a partition that stand, in their order. Parameters: source, table_name, partition.
SELECT edition, dataset, published_on, is_complete, artifact, filename, rows_stated, content_hash
FROM meta.editions
WHERE source = ? AND table_name = ? AND partition = ? AND retracted_at IS NULL
ORDER BY coalesce(published_on::TIMESTAMPTZ, known_from), artifact, filename
