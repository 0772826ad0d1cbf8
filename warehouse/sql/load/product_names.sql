-- Products that bulk figures name keep the names of the reference table.
UPDATE core.trade_product AS b
SET name = p.name
FROM ref.product AS p
WHERE p.classification = b.classification AND p.product = b.product AND p.name <> b.name
