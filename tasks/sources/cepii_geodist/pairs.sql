-- Measures of two economies. None of them belongs to a period.
SELECT
    a.row_number, 'cepii.geodist' AS dataset, o.place, d.place AS counterpart, m.indicator,
    CASE WHEN a.measured <> '.' THEN core.scaled(a.measured, 1, 1) END AS value, u.base_unit AS unit,
    nullif(a.measured, '.') AS printed_value, u.printed_unit,
    CASE WHEN a.measured = '.' THEN 'O' ELSE 'A' END AS obs_status,
    'Centre d''études prospectives et d''informations internationales (CEPII)' AS publisher, 'GeoDist: bilateral distances (Mayer and Zignago 2011)' AS title,
    'https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6' AS address,
    'unknown' AS published_precision
FROM accepted AS a
LEFT JOIN (VALUES
    ('contig', 'contiguous', 'flag'), ('comlang_off', 'common_official_language', 'flag'),
    ('comlang_ethno', 'common_spoken_language', 'flag'), ('colony', 'colonial_tie_ever', 'flag'),
    ('comcol', 'common_coloniser_after_1945', 'flag'), ('curcol', 'colonial_tie_now', 'flag'),
    ('col45', 'colonial_tie_after_1945', 'flag'), ('smctry', 'once_one_country', 'flag'),
    ('dist', 'distance_main_cities', 'km'), ('distcap', 'distance_capitals', 'km'),
    ('distw', 'distance_weighted', 'km'), ('distwces', 'distance_weighted_ces', 'km')
) AS m (geodist_column, indicator, printed_unit) USING (geodist_column)
LEFT JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS o ON o.scheme = 'cepii_geodist' AND o.code = a.iso_o
LEFT JOIN ref.place_code AS d ON d.scheme = 'cepii_geodist' AND d.code = a.iso_d
