-- Net inflows are the net incurrence of liabilities and net outflows the net acquisition of assets, as the World Bank
-- takes them from the IMF's balance of payments (BPM6); for China they are SAFE's liabilities and assets.
-- Amounts are rounded to a millionth of a dollar: what is printed beyond is left from the World Bank's arithmetic.
SELECT
    row_number, dataset,
    'bop' AS concept, 'flow' AS accounting,
    CASE wb_series WHEN 'BX.KLT.DINV.CD.WD' THEN 'liabilities' ELSE 'assets' END AS direction,
    'asset_liability' AS principle, 'total' AS instrument, 'reported' AS derivation, 'all' AS sector_scope,
    place AS reporter, 'WLD' AS counterpart, 'TOTAL' AS industry, freq, period,
    CAST(value AS DECIMAL(38, 6)) AS value, unit AS currency, printed_value, printed_unit, obs_status,
    publisher, title, address, published_on, published_precision, note
FROM ({{ figure }})
WHERE wb_series IN ('BX.KLT.DINV.CD.WD', 'BM.KLT.DINV.CD.WD')
