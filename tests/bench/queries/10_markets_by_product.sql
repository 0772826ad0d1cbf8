-- In how many markets is each product sold, and who sells it in most of them?
WITH sellers AS (
    SELECT product, reporter, count(DISTINCT partner) AS markets, sum(value_usd) AS value_usd
    FROM {trade}
    WHERE source = 'cepii.baci' AND flow = 'export' AND year = {year}
    GROUP BY ALL
)
SELECT product, sum(value_usd) AS value_usd, max(markets) AS markets, arg_max(reporter, (markets, value_usd, reporter)) AS seller
FROM sellers
GROUP BY ALL
ORDER BY product
