-- The versions of one part.
INSERT INTO core.trade_bulk (part, reporter_key, partner_key, product_number, value, net_weight_kg)
SELECT {{ part }}, reporter_key, partner_key, product_number, value, net_weight_kg
FROM {{ rows }}
