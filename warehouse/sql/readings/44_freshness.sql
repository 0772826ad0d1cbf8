-- How new each dataset is: its newest period, when it was last published and received, and how long ago that is today.
CREATE OR REPLACE VIEW mart.freshness AS
WITH received AS (
    SELECT e.source, e.dataset, core.utc(max(a.received_at)) AS last_received, count(DISTINCT e.artifact) AS files
    FROM meta.editions AS e LEFT JOIN meta.artifacts AS a USING (artifact, source)
    WHERE e.retracted_at IS NULL GROUP BY ALL
),
covered AS (
    SELECT source, dataset, max(published_on) AS last_published, sum(figures)::BIGINT AS figures,
        min(period) AS oldest_period, arg_max(period, (year, period)) AS newest_period, max(year) AS newest_year
    FROM mart.coverage GROUP BY ALL
)
SELECT
    c.source, s.title AS source_title, c.dataset, c.figures, c.oldest_period, c.newest_period, c.last_published, r.last_received, r.files,
    date_diff('day', coalesce(c.last_published, CAST(r.last_received AS DATE)), current_date) AS age_days,
    CAST(year(current_date) - c.newest_year AS INTEGER) AS years_behind
FROM covered AS c
LEFT JOIN received AS r USING (source, dataset)
LEFT JOIN ref.source AS s ON s.source = c.source;
