-- Sources with what is published of them.
WITH figure AS (
    SELECT source, period_end, period FROM mart.trade
    UNION ALL SELECT source, period_end, period FROM mart.fdi
    UNION ALL SELECT source, period_end, period FROM mart.fdi_rate
    UNION ALL SELECT source, period_end, period FROM mart.indicator
    UNION ALL SELECT source, period_end, period FROM mart.pair
    UNION ALL SELECT source, period_end, period FROM mart.presence
),
figures AS (
    SELECT source, count(*) AS figures, arg_max(period, period_end) AS newest_period FROM figure GROUP BY ALL
),
files AS (
    SELECT source, count(DISTINCT artifact) AS files FROM meta.editions WHERE retracted_at IS NULL GROUP BY ALL
),
received AS (
    SELECT source, max(received_at) AS last_received FROM meta.artifacts GROUP BY ALL
),
held AS (
    SELECT source, count(*) AS quarantined FROM meta.quarantine GROUP BY ALL
)
SELECT s.source, s.title, coalesce(f.files, 0), r.last_received, g.newest_period, coalesce(g.figures, 0),
    coalesce(h.quarantined, 0), s.licence
FROM ref.source AS s
LEFT JOIN figures AS g USING (source)
LEFT JOIN files AS f USING (source)
LEFT JOIN received AS r USING (source)
LEFT JOIN held AS h USING (source)
ORDER BY s.source
