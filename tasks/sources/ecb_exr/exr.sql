-- Rates per euro as the ECB printed them; a rate per dollar is made of two of them in ref.exchange_rate.
SELECT
    a.row_number, 'ecb.exr' AS dataset, c.place,
    CASE WHEN a.exr_freq = 'D' THEN 'exchange_rate_day_eur' WHEN a.exr_suffix = 'E' THEN 'exchange_rate_eop_eur'
        ELSE 'exchange_rate_avg_eur' END AS indicator,
    a.exr_freq AS freq, a.exr_period AS period,
    core.scaled(nullif(a.exr_value, 'NaN'), u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    nullif(a.exr_value, 'NaN') AS printed_value, u.printed_unit,
    CASE WHEN (a.exr_value IS NULL OR a.exr_value = 'NaN') AND a.exr_status IN ('A', 'B', 'E', 'P') THEN 'O' ELSE a.exr_status END AS obs_status,
    'European Central Bank' AS publisher, 'Exchange rates (EXR): spot rates against the euro' AS title,
    'https://data.ecb.europa.eu/data/datasets/EXR' AS address,
    a.exr_prepared AS published_on, CASE WHEN a.exr_prepared IS NULL THEN 'unknown' ELSE 'day' END AS published_precision
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.exr_currency || ' per ' || a.exr_denominator
LEFT JOIN ref.place_code AS c ON c.scheme = 'iso4217' AND c.code = a.exr_currency
