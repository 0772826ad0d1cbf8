-- What do Japan and China sell each other, side by side, product by product?
SELECT
    product,
    sum(value_usd) FILTER (WHERE reporter = 'JPN') AS from_japan,
    sum(value_usd) FILTER (WHERE reporter = 'CHN') AS from_china
FROM {trade}
WHERE source = 'cepii.baci' AND flow = 'export' AND year = {year}
  AND ((reporter = 'JPN' AND partner = 'CHN') OR (reporter = 'CHN' AND partner = 'JPN'))
GROUP BY ALL
ORDER BY product
