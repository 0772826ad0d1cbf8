-- In every load, rows in are rows accepted plus rows quarantined
SELECT load, rows_in, rows_accepted, rows_quarantined FROM meta.loads WHERE rows_in <> rows_accepted + rows_quarantined
