WITH places AS (
    SELECT name, any_value(place) AS place FROM ref.place_name WHERE language = 'en' GROUP BY name HAVING count(DISTINCT place) = 1
)
SELECT
    a.row_number, 'uncomtrade.report' AS dataset, i.place AS reporter, j.place AS partner,
    CASE a.flow_code WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' END AS flow,
    'unknown' AS valuation,
    CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE 'HS' END AS classification, p.product,
    'A' AS freq, CAST(a.ref_year AS VARCHAR) AS period, a.partner_sum AS value, 'USD' AS currency,
    'A' AS obs_status,
    'UN Statistics Division' AS publisher, 'UN Comtrade, in the tables of a report' AS title,
    'https://comtradeplus.un.org/' AS address,
    'unknown' AS published_precision, 'cipf-comtrade reports' AS seen_via
FROM accepted AS a
LEFT JOIN places AS i ON i.name = a.reporter_desc
LEFT JOIN places AS j ON j.name = a.partner_desc
LEFT JOIN ref.product AS p
    ON p.classification = CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE 'HS' END AND p.product = a.cmd_code
