-- A copy of H.10 with all rates per dollar; the notes say which of them the copier turned round.
SELECT
    a.row_number, 'federal_reserve.h10.reshaped' AS dataset, c.place, 'exchange_rate_avg' AS indicator, a.fred_freq AS freq,
    CASE a.fred_freq WHEN 'A' THEN strftime(a.fred_day, '%Y') ELSE strftime(a.fred_day, '%Y-%m') END AS period,
    core.scaled(nullif(a.fred_value, '.'), u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    nullif(a.fred_value, '.') AS printed_value, u.printed_unit,
    CASE WHEN a.fred_value = '.' THEN 'O' ELSE 'A' END AS obs_status,
    'Board of Governors of the Federal Reserve System' AS publisher,
    'H.10 Foreign Exchange Rates: ' || a.fred_series AS title,
    'https://github.com/datasets/exchange-rates' AS address,
    'unknown' AS published_precision, 'FRED; GitHub datasets/exchange-rates' AS seen_via,
    CASE WHEN a.fred_quoted IN ('EUR', 'GBP', 'AUD', 'NZD', 'IEP')
        THEN 'printed by the Federal Reserve as US dollars per unit; turned round and rounded by the copier' END AS note
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.fred_quoted || ' per USD'
LEFT JOIN ref.place_code AS c ON c.scheme = 'iso4217' AND c.code = a.fred_quoted
