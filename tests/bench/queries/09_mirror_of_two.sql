-- What do Japan and China sell each other, side by side, product by product?
SELECT
    product,
    sum(value_usd) FILTER (WHERE exporter = 'JPN') AS from_japan,
    sum(value_usd) FILTER (WHERE exporter = 'CHN') AS from_china
FROM {trade}
WHERE year = {year}
  AND ((exporter = 'JPN' AND importer = 'CHN') OR (exporter = 'CHN' AND importer = 'JPN'))
GROUP BY ALL
ORDER BY product
