-- In how many markets is each product sold, and who sells it in most of them?
WITH sellers AS (
    SELECT product, exporter, count(DISTINCT importer) AS markets, sum(value_usd) AS value_usd
    FROM {trade}
    WHERE year = {year}
    GROUP BY ALL
)
SELECT product, sum(value_usd) AS value_usd, max(markets) AS markets, arg_max(exporter, (markets, value_usd, exporter)) AS seller
FROM sellers
GROUP BY ALL
ORDER BY product
