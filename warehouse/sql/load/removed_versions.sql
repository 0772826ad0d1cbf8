-- The versions of a partition, kept aside while its history is made again. Parameters: source, table_name, partition.
CREATE OR REPLACE TEMP TABLE remembered AS
SELECT t.*
FROM {{ table }} AS t
JOIN meta.editions AS e USING (edition)
WHERE e.source = ? AND e.table_name = ? AND e.partition = ?
