-- Rows at the positions of "moves" go from their part to the one that says what else is known of them now.
UPDATE core.trade_bulk AS t
SET part = n.part
FROM moves AS m
JOIN core.trade_part AS p ON p.part = m.part
JOIN core.trade_part AS n
  ON n.slice = p.slice AND n.obs_status = p.obs_status AND n.edition = p.edition
 AND n.superseded_by IS NOT DISTINCT FROM m.superseded_by AND n.first_known_by IS NOT DISTINCT FROM m.first_known_by
WHERE t.rowid = m.position
