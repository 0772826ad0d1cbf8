-- In every load, rows in are rows accepted, rows quarantined and rows set aside
-- severity: stop
SELECT load, rows_in, rows_accepted, rows_quarantined, rows_set_aside
FROM meta.loads
WHERE rows_in <> rows_accepted + rows_quarantined + rows_set_aside
