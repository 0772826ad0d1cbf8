SELECT
    a.row_number, 'kor.kosis.china' AS dataset, 'KOR' AS reporter, 'CHN' AS partner,
    CASE a.heading WHEN 'Exports' THEN 'export' ELSE 'import' END AS flow,
    CASE a.heading WHEN 'Exports' THEN 'FOB' ELSE 'CIF' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product, 'M' AS freq,
    replace(a.printed_month, '.', '-') AS period,
    TRY_CAST(CASE a.heading WHEN 'Exports' THEN a.exports_thousand_usd ELSE a.imports_thousand_usd END * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS value,
    'USD' AS currency, 'A' AS obs_status,
    'Statistics Korea (KOSIS), from the Korea Customs Service' AS publisher, 'Trade by country and month: China' AS title, {{ address | sql }} AS address,
    'unknown' AS published_precision, {{ seen_via | sql }} AS seen_via
FROM accepted AS a
