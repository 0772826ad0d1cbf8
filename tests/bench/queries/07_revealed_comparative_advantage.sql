-- In which products of chapter 85 has Japan, China or Germany a comparative advantage (Balassa's index)?
WITH exports AS (
    SELECT reporter, product, CAST(sum(value_usd) AS DOUBLE) AS value_usd
    FROM {trade}
    WHERE source = 'cepii.baci' AND flow = 'export' AND year = {year}
    GROUP BY ALL
),
shares AS (
    SELECT
        reporter, product,
        value_usd / sum(value_usd) OVER (PARTITION BY reporter) AS of_reporter,
        sum(value_usd) OVER (PARTITION BY product) / sum(value_usd) OVER () AS of_world
    FROM exports
)
SELECT reporter, product, round(of_reporter / of_world, 6) AS rca
FROM shares
WHERE reporter IN ('JPN', 'CHN', 'DEU') AND product LIKE '85%'
ORDER BY reporter, product
