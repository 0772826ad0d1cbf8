-- How did Japan's exports to China move in machinery and electronics (chapters 84 and 85)?
SELECT year, left(product, 2) AS chapter, sum(value_usd) AS value_usd
FROM {trade}
WHERE source = 'cepii.baci' AND flow = 'export' AND reporter = 'JPN' AND partner = 'CHN'
  AND product BETWEEN '840000' AND '859999'
GROUP BY ALL
ORDER BY ALL
