-- No year between the first and the last is missing in a yearly dataset that was pulled: a pull asks for all of them
-- severity: error
WITH year AS (
    {% for table in ("core.fdi", "core.indicator") %}
    SELECT edition, CAST(left(period, 4) AS INTEGER) AS year FROM {{ table }} WHERE superseded_by IS NULL AND freq = 'A' AND value IS NOT NULL
    UNION
    {% endfor %}
    SELECT t.edition, CAST(left(s.period, 4) AS INTEGER)
    FROM core.trade AS t JOIN core.trade_slice AS s USING (slice) WHERE t.superseded_by IS NULL AND s.freq = 'A' AND t.value IS NOT NULL
    UNION
    SELECT t.edition, CAST(left(s.period, 4) AS INTEGER)
    FROM core.trade_part AS t JOIN core.trade_slice AS s USING (slice) WHERE t.superseded_by IS NULL AND s.freq = 'A'
),
of_edition AS (
    SELECT e.source, e.dataset, y.year, a.origin_kind
    FROM year AS y
    JOIN meta.editions AS e ON e.edition = y.edition
    JOIN meta.artifacts AS a ON a.artifact = e.artifact AND a.source = e.source
),
of_dataset AS (
    SELECT DISTINCT source, dataset, year
    FROM of_edition
    -- A file that somebody adopted has the years that it has.
    WHERE (source, dataset) NOT IN (SELECT (source, dataset) FROM of_edition WHERE origin_kind <> 'pull')
)
SELECT source, dataset, year, next_year
FROM (SELECT *, lead(year) OVER (PARTITION BY source, dataset ORDER BY year) AS next_year FROM of_dataset)
WHERE next_year > year + 1
