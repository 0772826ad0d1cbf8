SELECT
    a.row_number, 'jpn.boj.' || lower(a.database) AS dataset, a.place, a.indicator, a.freq, a.period,
    core.scaled(a.figure, u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    a.figure AS printed_value, a.mapped_unit AS printed_unit, 'A' AS obs_status,
    'Bank of Japan' AS publisher, a.database || '''' || a.series_code || ' ' || a.series_name AS title,
    'https://www.stat-search.boj.or.jp/' AS address,
    a.updated_on AS published_on, 'day' AS published_precision
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.mapped_unit
