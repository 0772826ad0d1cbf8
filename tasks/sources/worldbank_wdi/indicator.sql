SELECT
    row_number, dataset, place, indicator, freq, period, value, unit, printed_value, printed_unit, obs_status,
    publisher, title, address, published_on, published_precision, note
FROM ({{ figure }})
WHERE wb_series NOT IN ('BX.KLT.DINV.CD.WD', 'BM.KLT.DINV.CD.WD')
