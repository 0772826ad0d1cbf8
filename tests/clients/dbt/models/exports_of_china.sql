{{ config(materialized="table") }}
SELECT
    (SELECT list(table_name ORDER BY table_name) FROM information_schema.tables
     WHERE table_catalog = 'entrepot' AND table_schema = 'main') AS marts,
    (SELECT list(column_name ORDER BY ordinal_position) FROM information_schema.columns
     WHERE table_catalog = 'entrepot' AND table_schema = 'mart' AND table_name = 'trade') AS columns,
    CAST(sum(exports_usd) AS VARCHAR) AS total,
    max(exports_from.publisher) AS publisher
FROM {{ source("mart", "trade") }}
WHERE reporter = 'CHN' AND year = 2019
