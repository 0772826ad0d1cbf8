-- File version 2 keeps bulk datasets in core.trade_bulk. Their rows move there from core.trade, version for version;
-- the columns that are equal for many rows move to core.trade_part.
CREATE OR REPLACE TEMP TABLE moving AS
SELECT t.*, dense_rank() OVER (ORDER BY t.slice, t.edition, t.superseded_by, t.first_known_by, t.obs_status)::INTEGER AS part
FROM core.trade AS t
WHERE t.edition IN (SELECT edition FROM meta.editions WHERE source = 'cepii.baci' AND table_name = 'core.trade');
INSERT INTO core.trade_part (part, slice, obs_status, edition, superseded_by, first_known_by)
SELECT DISTINCT part, slice, obs_status, edition, superseded_by, first_known_by FROM moving;
INSERT INTO core.trade_product (product_number, classification, product, name)
SELECT row_number() OVER (ORDER BY p.product_key), p.classification, p.product, p.name
FROM ref.product AS p
WHERE p.product_key IN (SELECT product_key FROM moving);
INSERT INTO core.trade_bulk (part, reporter_key, partner_key, product_number, value, net_weight_kg)
SELECT m.part, m.reporter_key, m.partner_key, n.product_number, m.value, m.net_weight_kg
FROM moving AS m
JOIN ref.product AS p USING (product_key)
JOIN core.trade_product AS n ON n.classification = p.classification AND n.product = p.product;
DELETE FROM core.trade WHERE edition IN (SELECT edition FROM moving);
UPDATE meta.editions SET table_name = 'core.trade_bulk' WHERE source = 'cepii.baci' AND table_name = 'core.trade';
UPDATE meta.quarantine SET table_name = 'core.trade_bulk' WHERE source = 'cepii.baci' AND table_name = 'core.trade';
UPDATE meta.loads SET table_name = 'core.trade_bulk' WHERE source = 'cepii.baci' AND table_name = 'core.trade';
DROP TABLE moving;
