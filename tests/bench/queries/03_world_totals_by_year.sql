-- How much is traded in the world, year by year?
SELECT year, sum(value_usd) AS value_usd, sum(net_weight_kg) AS net_weight_kg, count(*) AS flows
FROM {trade}
GROUP BY ALL
ORDER BY year
