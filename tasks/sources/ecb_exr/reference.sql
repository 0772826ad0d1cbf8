-- The reference rate of a day stays that: no average is made of it here.
SELECT
    a.row_number, 'ecb.eurofxref' AS dataset, c.place, 'exchange_rate_day_eur' AS indicator, 'D' AS freq,
    a.reference_day::VARCHAR AS period,
    core.scaled(nullif(a.reference_rate, 'N/A'), u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    nullif(a.reference_rate, 'N/A') AS printed_value, u.printed_unit,
    CASE WHEN a.reference_rate = 'N/A' THEN 'O' ELSE 'A' END AS obs_status,
    'European Central Bank' AS publisher, 'Euro foreign exchange reference rates (eurofxref-hist)' AS title,
    'https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html' AS address,
    a.release_day AS published_on, 'day' AS published_precision
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.exr_currency || ' per EUR'
LEFT JOIN ref.place_code AS c ON c.scheme = 'iso4217' AND c.code = a.exr_currency
