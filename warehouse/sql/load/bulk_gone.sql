{% from "load/packed.sql" import packed %}
-- Cells that are current in a partition of a bulk dataset and that its new edition no longer states. Both keys are
-- columns before they are compared: of expressions DuckDB would compare every row with every other.
INSERT INTO delta
SELECT c.reporter_key, c.partner_key, c.product_number, NULL, NULL, c.position, c.part, c.value, 'gone'
FROM (
    SELECT t.rowid AS position, t.*, {{ packed("t") }} AS packed
    FROM core.trade_bulk AS t
    WHERE t.part IN ({{ current | join(", ") }}) AND t.part NOT IN (SELECT part FROM core.trade_part WHERE obs_status = 'O')
) AS c
ANTI JOIN (SELECT {{ packed("s") }} AS packed FROM bulk_rows AS s) AS s ON s.packed = c.packed
