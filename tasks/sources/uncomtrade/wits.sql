-- Trade by product as the World Bank's WITS prints it, in thousand dollars; 0 is a quantity that nobody knows.
WITH places AS (
    SELECT name, any_value(place) AS place FROM ref.place_name WHERE language = 'en' GROUP BY name HAVING count(DISTINCT place) = 1
)
SELECT
    a.row_number, 'uncomtrade.wits' AS dataset, i.place AS reporter, j.place AS partner,
    CASE a.wits_flow
        WHEN 'Import' THEN 'import' WHEN 'Export' THEN 'export' WHEN 'Re-Export' THEN 're_export' WHEN 'Re-Import' THEN 're_import'
    END AS flow,
    'unknown' AS valuation, 'HS' AS classification, p.product,
    'A' AS freq, CAST(a.ref_year AS VARCHAR) AS period,
    core.scaled(a.wits_value, u.multiplier, u.quotation) AS value, u.currency,
    CASE WHEN a.wits_unit IS DISTINCT FROM 'Kg' THEN nullif(a.wits_quantity, 0) END AS quantity,
    CASE WHEN a.wits_unit <> 'Kg' AND a.wits_quantity > 0 THEN a.wits_unit END AS quantity_unit,
    CASE WHEN a.wits_unit = 'Kg' THEN nullif(a.wits_quantity, 0) END AS net_weight_kg,
    'A' AS obs_status, 'United Nations Statistics Division (UNSD)' AS publisher,
    'UN Comtrade, in the tables by product of the World Bank''s WITS' AS title, 'https://wits.worldbank.org/' AS address,
    'unknown' AS published_precision, 'World Integrated Trade Solution (WITS)' AS seen_via
FROM accepted AS a
JOIN ref.unit AS u ON u.printed_unit = 'USD thousand'
LEFT JOIN places AS i ON i.name = a.reporter_desc
LEFT JOIN places AS j ON j.name = a.partner_desc
LEFT JOIN ref.product AS p ON p.classification = 'HS' AND p.product = a.cmd_code
