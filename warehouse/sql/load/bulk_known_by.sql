-- Versions of bulk datasets that were made again and have been known through an earlier edition: where the same value
-- of the same publication stood before (see known_by.sql for which publications are the same).
CREATE OR REPLACE TEMP TABLE moves AS
SELECT t.rowid AS position, t.part, n.superseded_by, arg_min(e.edition, e.known_from) AS first_known_by
FROM core.trade_bulk AS t
JOIN core.trade_part AS n ON n.part = t.part
JOIN meta.editions AS ne ON ne.edition = n.edition
JOIN meta.editions AS own ON own.edition = coalesce(n.first_known_by, n.edition)
JOIN remembered AS o
  ON o.reporter_key = t.reporter_key AND o.partner_key = t.partner_key AND o.product_number = t.product_number
 AND o.value IS NOT DISTINCT FROM t.value AND o.net_weight_kg IS NOT DISTINCT FROM t.net_weight_kg
 AND o.slice = n.slice AND o.obs_status = n.obs_status
JOIN meta.editions AS oe ON oe.edition = o.edition
JOIN meta.editions AS e ON e.edition = coalesce(o.first_known_by, o.edition)
WHERE n.edition IN ({{ editions }}) AND e.known_from < own.known_from
  AND (oe.edition = ne.edition OR oe.published_on = ne.published_on
       OR (oe.published_on IS NULL AND ne.published_on IS NULL AND oe.retracted_at IS NOT NULL))
GROUP BY ALL
