{% from "parts/packed.sql" import packed %}
-- Cells that are current in a partition of a bulk dataset and that its new edition no longer states.
INSERT INTO delta
SELECT t.reporter_key, t.partner_key, t.product_number, NULL, NULL, t.rowid, t.part, 'gone'
FROM core.trade_bulk AS t
WHERE t.part IN ({{ current }})
  AND t.part NOT IN (SELECT part FROM core.trade_part WHERE obs_status = 'O')
  AND NOT EXISTS (FROM keyed AS s WHERE {{ packed("s") }} = {{ packed("t") }})
