-- One year of made-up flows. A pair trades in as many products as its weights say: the n-th is (start + n * step)
-- modulo the number of products, which is a prime, so no product comes twice and nothing has to be thrown away.
-- The same pairs trade in the same products every year; 2 % of them pause.
CREATE OR REPLACE TEMP TABLE flows AS
WITH pair AS (
    SELECT i.code AS i, j.code AS j, i.weight * j.weight AS weight, hash(i.code, j.code) AS h
    FROM place AS i JOIN place AS j ON i.code <> j.code
),
sized AS (
    SELECT i, j, weight, h, least({products}, CAST(floor(
        {rows} / 0.98 * weight / (SELECT sum(weight) FROM pair) + ((h >> 20) % 1000) / 1000.0
    ) AS INTEGER)) AS n
    FROM pair
),
traded AS (
    SELECT i, j, weight, CAST((h % {products} + m * (1 + (h >> 32) % ({products} - 1))) % {products} AS INTEGER) AS p
    FROM sized, LATERAL (SELECT unnest(range(n)) AS m)
),
priced AS (
    SELECT i, j, p, weight, hash(i, j, p) AS of_flow, hash(i, j, p, {year}) AS of_year FROM traded
),
valued AS (
    SELECT
        i, j, p, of_flow, of_year,
        CAST(greatest(0.001, round(
            weight * exp(((of_flow >> 8) % 12000) / 1000.0 - 3) * (0.8 + (of_year % 1000) / 2500.0), 3
        )) AS DECIMAL(18, 3)) AS v,
        (of_year >> 24) % 1000000 < {revised} * 1000000 AS is_revised
    FROM priced
    WHERE (of_year >> 44) % 100 >= 2
)
SELECT
    i, j, p, is_revised,
    -- always another value, however small it was
    CASE WHEN is_revised THEN CAST(v + round(v * 0.01, 3) + 0.001 AS DECIMAL(18, 3)) ELSE v END AS v,
    CASE WHEN (of_year >> 54) % 100 < 2 THEN NULL
         ELSE CAST(greatest(0.001, round(v * exp(((of_flow >> 40) % 4000) / 1000.0 - 2), 3)) AS DECIMAL(18, 3)) END AS q
FROM valued
