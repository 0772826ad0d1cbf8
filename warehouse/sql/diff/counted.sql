-- What changed in a mart, by dataset: the newer release's, for what is gone the older's.
SELECT coalesce(after_dataset, before_dataset) AS dataset, count(after) AS figures,
    count(*) FILTER (before IS NOT NULL AND after IS NOT NULL AND before <> after) AS changed,
    count(*) FILTER (before IS NULL) AS new, count(*) FILTER (after IS NULL) AS gone,
    count(*) FILTER (before IS NOT NULL AND after IS NOT NULL) AS in_both
FROM compared GROUP BY ALL ORDER BY dataset
