-- An edition that stands with this content from this file. Parameters: source, table_name, partition, artifact, filename,
-- published_on, content_hash.
SELECT edition
FROM meta.editions
WHERE source = ? AND table_name = ? AND partition = ? AND retracted_at IS NULL
  AND artifact = ? AND filename = ? AND published_on IS NOT DISTINCT FROM ? AND content_hash = ?
