-- What an artifact states: its editions, with a hash of their rows that does not depend on their order.
SELECT
    dataset, published_on, max(published_precision) AS published_precision, count(*) AS rows_stated,
    sum(hash({{ columns }}))::VARCHAR AS content_hash
FROM {{ rows }}
GROUP BY dataset, published_on
ORDER BY dataset, published_on NULLS LAST
