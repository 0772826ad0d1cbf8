-- In which products of chapter 85 has Japan, China or Germany a comparative advantage (Balassa's index)?
WITH exports AS (
    SELECT exporter, product, CAST(sum(value_usd) AS DOUBLE) AS value_usd
    FROM {trade}
    WHERE year = {year}
    GROUP BY ALL
),
shares AS (
    SELECT
        exporter, product,
        value_usd / sum(value_usd) OVER (PARTITION BY exporter) AS of_exporter,
        sum(value_usd) OVER (PARTITION BY product) / sum(value_usd) OVER () AS of_world
    FROM exports
)
SELECT exporter, product, round(of_exporter / of_world, 6) AS rca
FROM shares
WHERE exporter IN ('JPN', 'CHN', 'DEU') AND product LIKE '85%'
ORDER BY exporter, product
