-- Where the printed name of a partner or province is one of another place than its code, the place is unknown.
WITH named AS (
    SELECT name, any_value(place) AS place FROM ref.place_name WHERE language = 'zh' GROUP BY name HAVING count(DISTINCT place) = 1
),
read AS (
    SELECT a.*, CAST(a.year_month[1:4] AS INTEGER) AS year, length(a.product_printed) AS digits FROM accepted AS a
),
classified AS (
    SELECT r.*,
        CASE
            WHEN product_printed IS NULL THEN 'TOTAL'
            ELSE CASE WHEN digits = 8 THEN 'CNHS' ELSE 'HS' END || {{ edition }}
        END AS classification
    FROM read AS r
)
SELECT
    c.row_number, 'gacc.query_' || lower(u.currency) AS dataset,
    CASE
        WHEN c.registered_code IS NULL THEN 'CHN'
        WHEN nr.place IS NULL OR nr.place = r.place THEN r.place
    END AS reporter,
    CASE
        WHEN c.partner_code IS NULL THEN 'WLD'
        WHEN np.place IS NULL OR np.place = p.place OR EXISTS (FROM ref.place AS g WHERE g.place = p.place AND g.kind <> 'economy')
            THEN p.place
    END AS partner,
    c.flow, CASE c.flow WHEN 'export' THEN 'FOB' ELSE 'CIF' END AS valuation,
    CASE WHEN c.registered_code IS NOT NULL THEN 'operator_location' END AS basis,
    c.classification, coalesce(c.product_printed, 'TOTAL') AS product,
    'M' AS freq, c.year_month[1:4] || '-' || c.year_month[5:6] AS period,
    core.trade_amount(core.scaled(c.printed_value, u.multiplier, u.quotation)) AS value, u.currency,
    c.first_quantity AS quantity, c.first_unit AS quantity_unit,
    CASE '千克' WHEN c.first_unit THEN c.first_quantity WHEN c.second_unit THEN c.second_quantity END AS net_weight_kg,
    'A' AS obs_status,
    'General Administration of Customs of China (GACC)' AS publisher, 'Customs statistics online query' AS title,
    'http://stats.customs.gov.cn/' AS address, 'unknown' AS published_precision
FROM classified AS c
JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS p ON p.scheme = 'gacc' AND p.code = c.partner_code
LEFT JOIN ref.place_code AS r ON r.scheme = 'gacc_registered' AND r.code = c.registered_code
LEFT JOIN named AS np ON np.name = c.partner_name_zh
LEFT JOIN named AS nr ON nr.name = c.registered_name_zh
