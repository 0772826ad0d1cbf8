-- The versions of a partition, kept aside while its history is made again.
CREATE OR REPLACE TEMP TABLE remembered AS
SELECT t.reporter_key, t.partner_key, t.product_number, t.value, t.net_weight_kg, p.slice, p.obs_status, p.edition, p.first_known_by
FROM core.trade_bulk AS t
JOIN core.trade_part AS p USING (part)
WHERE t.part IN (FROM removed_parts)
