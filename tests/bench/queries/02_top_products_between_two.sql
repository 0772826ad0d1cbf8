-- Which twenty products does China sell to Japan, with their weight?
SELECT product, value_usd, net_weight_kg
FROM {trade}
WHERE exporter = 'CHN' AND importer = 'JPN' AND year = {year}
ORDER BY value_usd DESC, product
LIMIT 20
