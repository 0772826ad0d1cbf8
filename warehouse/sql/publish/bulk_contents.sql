-- The partitions of bulk datasets with the parts of their current figures, and a text that differs where any of their rows does.
SELECT
    e.partition, list(n.part ORDER BY n.part),
    string_agg(concat_ws(' ', n.part, n.figures, n.added, n.mixed), ', ' ORDER BY n.part)
FROM (
    SELECT t.part, count(*) AS figures, sum(t.row_hash) AS added, bit_xor(t.row_hash) AS mixed
    FROM (
        SELECT part, hash(reporter_key, partner_key, product_number, value, net_weight_kg) AS row_hash
        FROM core.trade_bulk
        WHERE part IN (SELECT part FROM core.trade_part WHERE superseded_by IS NULL)
    ) AS t
    GROUP BY t.part
) AS n
JOIN core.trade_part AS p USING (part)
JOIN meta.editions AS e USING (edition)
GROUP BY e.partition
ORDER BY e.partition
