SELECT
    a.row_number, 'gacc.bulletin_by_country_' || lower(u.currency) AS dataset,
    'CHN' AS reporter, p.place AS partner, a.flow, CASE a.flow WHEN 'export' THEN 'FOB' ELSE 'CIF' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product, a.freq, a.period,
    core.trade_amount(core.scaled(a.printed_value, u.multiplier, u.quotation)) AS value, u.currency,
    a.obs_status,
    {cited}
FROM accepted AS a
JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS p ON p.scheme = 'gacc_en' AND p.code = a.partner_printed
