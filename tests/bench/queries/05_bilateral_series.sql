-- How did Japan's exports to China move, in value, weight and number of products?
SELECT year, sum(value_usd) AS value_usd, sum(net_weight_kg) AS net_weight_kg, count(*) AS products
FROM {trade}
WHERE source = 'cepii.baci' AND flow = 'export' AND reporter = 'JPN' AND partner = 'CHN'
GROUP BY ALL
ORDER BY year
