-- An economy's total of all goods to the world that is printed as 0 is a sum over no records: it has not reported the year yet.
WITH places AS (
    SELECT name, any_value(place) AS place FROM ref.place_name WHERE language = 'en' GROUP BY name HAVING count(DISTINCT place) = 1
),
printed AS (
    SELECT *, partner_desc = 'World' AND cmd_code = 'TOTAL' AND partner_sum = 0 AS is_unreported FROM accepted
)
SELECT
    a.row_number, 'uncomtrade.report' AS dataset, i.place AS reporter, j.place AS partner,
    CASE a.flow_code WHEN 'M' THEN 'import' WHEN 'X' THEN 'export' END AS flow,
    'unknown' AS valuation,
    CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE 'HS' END AS classification, p.product,
    'A' AS freq, CAST(a.ref_year AS VARCHAR) AS period, CASE WHEN NOT a.is_unreported THEN a.partner_sum END AS value, 'USD' AS currency,
    CASE WHEN a.is_unreported THEN 'O' ELSE 'A' END AS obs_status,
    'United Nations Statistics Division (UNSD)' AS publisher, 'UN Comtrade, in the tables of a report' AS title,
    'https://comtradeplus.un.org/' AS address,
    'unknown' AS published_precision, 'cipf-comtrade reports' AS seen_via,
    CASE WHEN a.is_unreported THEN 'printed as 0, a sum over no records: the economy has not reported the year' END AS note
FROM printed AS a
LEFT JOIN places AS i ON i.name = a.reporter_desc
LEFT JOIN places AS j ON j.name = a.partner_desc
LEFT JOIN ref.product AS p
    ON p.classification = CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE 'HS' END AND p.product = a.cmd_code
