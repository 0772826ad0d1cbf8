{% from "load/packed.sql" import packed %}
-- The current figures of one partition of a bulk dataset in the order of their keys.
SELECT t.part, t.reporter_key, t.partner_key, t.product_number, t.value, t.net_weight_kg
FROM core.trade_bulk AS t
WHERE t.part IN ({{ parts | join(", ") }})
ORDER BY {{ packed("t") }}, t.part
