-- How many current figures with a value each dataset of a source has, by place and year. Parameter: source.
WITH figures AS (
    SELECT e.dataset, i.reporter AS place, i.period
    FROM core.fdi AS i JOIN meta.editions AS e USING (edition)
    WHERE e.source = $source AND i.superseded_by IS NULL AND i.value IS NOT NULL
    UNION ALL
    SELECT e.dataset, i.place, i.period
    FROM core.indicator AS i JOIN meta.editions AS e USING (edition)
    WHERE e.source = $source AND i.superseded_by IS NULL AND i.value IS NOT NULL
    UNION ALL
    SELECT e.dataset, p.place, s.period
    FROM core.trade AS i JOIN meta.editions AS e USING (edition) JOIN core.trade_slice AS s USING (slice)
    JOIN ref.place AS p ON p.place_key = i.reporter_key
    WHERE e.source = $source AND i.superseded_by IS NULL AND i.value IS NOT NULL
)
SELECT dataset, place, period[1:4] AS year, count(*) AS figures
FROM figures
GROUP BY ALL
