-- The records of the copy as they are, each once for exports and once for imports.
SELECT
    "Country" AS partner_label, "Date" AS printed_month, heading, "Exports" AS exports_thousand_usd,
    "Imports" AS imports_thousand_usd
FROM (SELECT row_number() OVER () AS record, * FROM {{ records }})
CROSS JOIN (VALUES ('Exports'), ('Imports')) AS h (heading)
ORDER BY record, heading
