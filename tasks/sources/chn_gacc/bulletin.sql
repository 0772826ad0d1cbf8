SELECT
    a.row_number, 'gacc.bulletin_by_country_' || lower(u.currency) AS dataset,
    'CHN' AS reporter, p.place AS partner, a.flow, CASE a.flow WHEN 'export' THEN 'FOB' ELSE 'CIF' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product, a.freq, a.period,
    core.trade_amount(core.scaled(a.printed_value, u.multiplier, u.quotation)) AS value, u.currency,
    a.obs_status,
    'General Administration of Customs of China (GACC)' AS publisher,
    'Monthly bulletin: (2) Imports and Exports by Country (Region) of Origin/Destination' AS title,
    {{ address | sql }} AS address, CAST({{ published_on | sql }} AS DATE) AS published_on,
    '{{ "day" if published_on else "unknown" }}' AS published_precision
FROM accepted AS a
JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS p ON p.scheme = 'gacc_en' AND p.code = a.partner_printed
