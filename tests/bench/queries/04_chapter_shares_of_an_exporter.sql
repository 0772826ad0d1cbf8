-- What do South Korea's exports consist of, by chapter?
SELECT left(product, 2) AS chapter, sum(value_usd) AS value_usd, sum(value_usd) / sum(sum(value_usd)) OVER () AS share
FROM {trade}
WHERE exporter = 'KOR' AND year = {year}
GROUP BY ALL
ORDER BY chapter
