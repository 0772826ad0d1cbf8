-- To which ten economies does Japan export most?
SELECT partner, sum(value_usd) AS value_usd
FROM {trade}
WHERE source = 'cepii.baci' AND flow = 'export' AND reporter = 'JPN' AND year = {year}
GROUP BY ALL
ORDER BY value_usd DESC, partner
LIMIT 10
