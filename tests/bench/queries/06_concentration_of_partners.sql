-- How concentrated are exports on few partners? The Herfindahl-Hirschman index of every exporter.
WITH partners AS (
    SELECT reporter, partner, CAST(sum(value_usd) AS DOUBLE) AS value_usd
    FROM {trade}
    WHERE source = 'cepii.baci' AND flow = 'export' AND year = {year}
    GROUP BY ALL
)
SELECT reporter, round(sum(value_usd * value_usd) / pow(sum(value_usd), 2), 9) AS hhi, count(*) AS partners
FROM partners
GROUP BY ALL
ORDER BY reporter
