-- Tables and partitions with standing editions of some files. Parameters: source, the files' values of "column".
SELECT DISTINCT table_name, partition
FROM meta.editions
WHERE source = ? AND retracted_at IS NULL AND list_contains(?, {{ column }})
