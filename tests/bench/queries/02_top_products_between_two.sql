-- Which twenty products does China sell to Japan, with their weight?
SELECT product, value_usd, net_weight_kg
FROM {trade}
WHERE source = 'cepii.baci' AND flow = 'export' AND reporter = 'CHN' AND partner = 'JPN' AND year = {year}
ORDER BY value_usd DESC, product
LIMIT 20
