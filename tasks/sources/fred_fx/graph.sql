-- The Federal Reserve's own quotation is kept; ref.exchange_rate turns dollars per unit round.
SELECT
    a.row_number, 'federal_reserve.h10.graph' AS dataset, c.place,
    'exchange_rate_' || CASE a.fred_freq WHEN 'D' THEN 'day' ELSE 'avg' END
        || CASE a.fred_base WHEN 'USD' THEN '' ELSE '_' || lower(a.fred_base) END AS indicator,
    a.fred_freq AS freq,
    CASE a.fred_freq WHEN 'A' THEN strftime(a.fred_day, '%Y') WHEN 'M' THEN strftime(a.fred_day, '%Y-%m')
        ELSE a.fred_day::VARCHAR END AS period,
    core.scaled(nullif(a.fred_value, '.'), u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    nullif(a.fred_value, '.') AS printed_value, u.printed_unit,
    CASE WHEN a.fred_value = '.' THEN 'O' ELSE 'A' END AS obs_status,
    'Board of Governors of the Federal Reserve System' AS publisher,
    'H.10 Foreign Exchange Rates, FRED series ' || a.fred_series AS title,
    'https://fred.stlouisfed.org/series/' || a.fred_series AS address,
    'unknown' AS published_precision,
    'FRED, Federal Reserve Bank of St. Louis' AS seen_via
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.fred_quoted || ' per ' || a.fred_base
LEFT JOIN ref.place_code AS c ON c.scheme = 'iso4217' AND c.code = a.fred_quoted
