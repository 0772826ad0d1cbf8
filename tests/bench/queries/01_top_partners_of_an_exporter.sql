-- To which ten economies does Japan export most?
SELECT importer, sum(value_usd) AS value_usd
FROM {trade}
WHERE exporter = 'JPN' AND year = {year}
GROUP BY ALL
ORDER BY value_usd DESC, importer
LIMIT 10
