-- How did Japan's exports to China move, in value, weight and number of products?
SELECT year, sum(value_usd) AS value_usd, sum(net_weight_kg) AS net_weight_kg, count(*) AS products
FROM {trade}
WHERE exporter = 'JPN' AND importer = 'CHN'
GROUP BY ALL
ORDER BY year
