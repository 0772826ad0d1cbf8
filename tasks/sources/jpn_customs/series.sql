SELECT
    a.row_number, 'jpn.customs.series' AS dataset, 'JPN' AS reporter, coalesce(a.partner, c.place) AS partner,
    CASE WHEN a.heading LIKE 'Exp-%' THEN 'export' ELSE 'import' END AS flow,
    CASE WHEN a.heading LIKE 'Exp-%' THEN 'FOB' ELSE 'CIF' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product,
    CASE WHEN length(a.survey_month) = 4 THEN 'A' ELSE 'M' END AS freq,
    replace(a.survey_month, '/', '-') AS period,
    TRY_CAST(a.thousand_yen * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS value, 'JPY' AS currency,
    CASE WHEN a.no_figure IS NULL THEN 'A' ELSE 'O' END AS obs_status,
    'Ministry of Finance Japan (Japan Customs)' AS publisher, 'Trade Statistics of Japan, time series' AS title,
    {{ address | sql }} AS address, 'unknown' AS published_precision, CAST({{ seen_via | sql }} AS VARCHAR) AS seen_via
FROM accepted AS a
-- Areas that a user has added to the vocabulary of the home folder.
LEFT JOIN ref.place_code AS c ON a.partner IS NULL AND c.scheme = 'jpn_customs_area' AND c.code = a.area
