-- By how much did each chapter of world trade grow on the year before?
SELECT
    left(product, 2) AS chapter,
    sum(value_usd) FILTER (WHERE year = {year}) AS value_usd,
    round(sum(value_usd) FILTER (WHERE year = {year}) / sum(value_usd) FILTER (WHERE year = {year} - 1) - 1, 6) AS growth
FROM {trade}
WHERE year BETWEEN {year} - 1 AND {year}
GROUP BY ALL
ORDER BY chapter
