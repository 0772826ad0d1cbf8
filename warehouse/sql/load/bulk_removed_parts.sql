-- The parts of a partition whose history is made again. Parameters: source, partition.
CREATE OR REPLACE TEMP TABLE removed_parts AS
SELECT p.part
FROM core.trade_part AS p
JOIN meta.editions AS e USING (edition)
WHERE e.source = ? AND e.partition = ?
