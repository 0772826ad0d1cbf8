-- Measures of one economy. They change little; the year they are given for is that of the paper that describes them.
SELECT
    a.row_number, 'cepii.geodist' AS dataset, c.place, m.indicator, 'A' AS freq, '2011' AS period,
    CASE WHEN a.measured <> '.' THEN core.scaled(a.measured, 1, 1) END AS value, u.base_unit AS unit,
    nullif(a.measured, '.') AS printed_value, u.printed_unit,
    CASE WHEN a.measured = '.' THEN 'O' ELSE 'A' END AS obs_status,
    'Centre d''études prospectives et d''informations internationales (CEPII)' AS publisher, 'GeoDist: areas and main cities (Mayer and Zignago 2011)' AS title,
    'https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6' AS address,
    'unknown' AS published_precision,
    'the file names no year: 2011 is that of the paper that describes it (CEPII working paper 2011-25)' AS note
FROM accepted AS a
LEFT JOIN (VALUES
    ('area', 'land_area', 'km2'), ('dis_int', 'distance_within', 'km'), ('landlocked', 'landlocked', 'flag'),
    ('lat', 'main_city_latitude', 'degrees'), ('lon', 'main_city_longitude', 'degrees')
) AS m (geodist_column, indicator, printed_unit) USING (geodist_column)
LEFT JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS c ON c.scheme = 'cepii_geodist' AND c.code = a.cepii_code
