SELECT
    a.row_number, 'jpn.boj.' || lower(a.database) AS dataset, a.place, coalesce(a.indicator, v.indicator) AS indicator, a.freq, a.period,
    core.scaled(a.figure, u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    a.figure AS printed_value, u.printed_unit, 'A' AS obs_status,
    'Bank of Japan' AS publisher, a.database || '''' || a.series_code || ' ' || a.series_name AS title,
    'https://www.stat-search.boj.or.jp/' AS address,
    a.updated_on AS published_on, 'day' AS published_precision
FROM accepted AS a
-- Series that a user has added to the vocabulary of the home folder.
LEFT JOIN ref.indicator_code AS v ON a.indicator IS NULL AND v.scheme = 'boj' AND v.code = a.database || '''' || a.series_code
LEFT JOIN ref.unit AS u ON u.printed_unit = coalesce(a.mapped_unit, v.printed_unit)
