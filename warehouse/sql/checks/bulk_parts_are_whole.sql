-- A partition of a bulk dataset has as many current figures as its newest edition states; its products bear their names
-- severity: stop
WITH edition AS (
    SELECT e.source, e.partition, e.rows_stated
    FROM meta.editions AS e
    WHERE e.table_name = 'core.trade_bulk' AND e.retracted_at IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY e.source, e.partition ORDER BY coalesce(e.published_on::TIMESTAMPTZ, e.known_from) DESC, e.artifact DESC, e.filename DESC
    ) = 1
),
counted AS (
    SELECT e.source, e.partition, sum(n.figures) AS figures
    FROM (SELECT part, count(*) AS figures FROM core.trade_bulk GROUP BY part) AS n
    JOIN core.trade_part AS p USING (part)
    JOIN meta.editions AS e ON e.edition = p.edition
    WHERE p.superseded_by IS NULL AND p.obs_status <> 'O'
    GROUP BY ALL
)
SELECT coalesce(e.source, c.source) AS source, coalesce(e.partition, c.partition) AS partition, e.rows_stated, c.figures
FROM edition AS e
FULL JOIN counted AS c ON c.source = e.source AND c.partition = e.partition
WHERE coalesce(e.rows_stated, 0) <> coalesce(c.figures, 0)
UNION ALL
SELECT b.classification, b.product, NULL, NULL
FROM core.trade_product AS b
LEFT JOIN ref.product AS p ON p.classification = b.classification AND p.product = b.product
WHERE p.name IS DISTINCT FROM b.name
