SELECT
    a.row_number, 'usa.census.china' AS dataset, 'USA' AS reporter, 'CHN' AS partner,
    CASE a.heading WHEN 'Exports' THEN 'export' ELSE 'import' END AS flow,
    CASE a.heading WHEN 'Exports' THEN 'FAS' ELSE 'unknown' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product, 'M' AS freq,
    strftime(strptime(a.printed_month, '%B %Y'), '%Y-%m') AS period,
    TRY_CAST(CASE a.heading WHEN 'Exports' THEN a.exports_million_usd ELSE a.imports_million_usd END * 1000000::DECIMAL(7, 0) AS DECIMAL(18, 3)) AS value,
    'USD' AS currency, 'A' AS obs_status,
    'US Census Bureau' AS publisher, 'Trade in Goods with China' AS title, {{ address | sql }} AS address,
    'unknown' AS published_precision, {{ seen_via | sql }} AS seen_via,
    CASE a.heading WHEN 'Imports' THEN 'customs value: without freight and insurance' END AS note
FROM accepted AS a
