SELECT
    a.row_number, 'jpn.estat.t' || a.stats_data_id AS dataset, c.place, coalesce(a.indicator, v.indicator) AS indicator, a.freq, a.period,
    core.scaled(a.figure, u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    a.figure AS printed_value, u.printed_unit, a.obs_status,
    'Statistics Bureau of Japan (e-Stat)' AS publisher, a.table_title AS title,
    'https://www.e-stat.go.jp/dbview?sid=' || a.stats_data_id AS address,
    a.updated_on AS published_on, 'day' AS published_precision,
    nullif(concat_ws('; ',
        a.dimension_names,
        CASE WHEN a.figure IS DISTINCT FROM a.printed_figure THEN 'printed as ' || a.printed_figure || coalesce(': ' || a.sign_meaning, '')
            WHEN a.obs_status = 'D' THEN a.sign_meaning END
    ), '') AS note
FROM accepted AS a
-- Cells that a user has added to the vocabulary of the home folder.
LEFT JOIN ref.indicator_code AS v ON a.indicator IS NULL AND v.scheme = 'estat' AND v.code = a.stats_data_id || ' ' || a.dimensions
LEFT JOIN ref.unit AS u ON u.printed_unit = coalesce(a.mapped_unit, v.printed_unit)
LEFT JOIN ref.place_code AS c ON c.scheme = 'estat_area' AND c.code = a.area_code
