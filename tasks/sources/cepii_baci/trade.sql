-- In the warehouse's words, for tracing single figures; a year is loaded by integer keys (keys.sql, joins.sql).
SELECT
    a.row_number, {{ dataset | sql }} AS dataset, i.place AS reporter, j.place AS partner,
    'export' AS flow, 'FOB' AS valuation, {{ classification | sql }} AS classification, a.k AS product,
    'A' AS freq, CAST(a.t AS VARCHAR) AS period,
    CAST(a.v * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS value, 'USD' AS currency,
    CAST(a.q * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS net_weight_kg, 'A' AS obs_status,
    'Centre d''études prospectives et d''informations internationales (CEPII)' AS publisher, {{ title | sql }} AS title, {{ address | sql }} AS address,
    CAST({{ published_on | sql }} AS DATE) AS published_on, 'month' AS published_precision
FROM accepted AS a
JOIN ref.place_code AS ci ON ci.scheme = 'baci' AND ci.code = a.i::VARCHAR
JOIN ref.place AS i ON i.place = ci.place
JOIN ref.place_code AS cj ON cj.scheme = 'baci' AND cj.code = a.j::VARCHAR
JOIN ref.place AS j ON j.place = cj.place
