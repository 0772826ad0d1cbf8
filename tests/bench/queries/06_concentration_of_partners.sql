-- How concentrated are exports on few partners? The Herfindahl-Hirschman index of every exporter.
WITH partners AS (
    SELECT exporter, importer, CAST(sum(value_usd) AS DOUBLE) AS value_usd
    FROM {trade}
    WHERE year = {year}
    GROUP BY ALL
)
SELECT exporter, round(sum(value_usd * value_usd) / pow(sum(value_usd), 2), 9) AS hhi, count(*) AS partners
FROM partners
GROUP BY ALL
ORDER BY exporter
