-- How new each dataset is: its newest period, when it was last published and received, how long ago that is today, and whether its
-- source is due by the publisher's calendar of releases.
CREATE OR REPLACE VIEW mart.freshness AS
-- Days between two releases as a rule, and days after which a source is late. Why: flows/schedules.toml has the publishers' calendars.
WITH calendar (source, usual_days, late_days) AS (
    VALUES
        ('cepii.baci', 365, 420), ('chn.gacc', 31, 45), ('chn.nbs', 92, 200), ('ecb.exr', 1, 7), ('eurostat.fdi', 92, 200),
        ('fred.fx', 7, 16), ('imf.dip', 183, 240), ('imf.er', 31, 60), ('imf.imts', 31, 60), ('jpn.boj', 31, 45),
        ('jpn.customs', 15, 40), ('jpn.estat', 31, 45), ('jpn.jetro', 31, 75), ('oecd.fdi', 92, 200), ('oecd.itic', 365, 500),
        ('uncomtrade', 7, 31), ('unctad.fdi', 183, 380), ('worldbank.wdi', 92, 150)
),
received AS (
    SELECT e.source, e.dataset, core.utc(max(a.received_at)) AS last_received, count(DISTINCT e.artifact) AS files
    FROM meta.editions AS e LEFT JOIN meta.artifacts AS a USING (artifact, source)
    WHERE e.retracted_at IS NULL GROUP BY ALL
),
covered AS (
    SELECT source, dataset, max(published_on) AS last_published, sum(figures)::BIGINT AS figures,
        min(period) AS oldest_period, arg_max(period, (year, period)) AS newest_period, max(year) AS newest_year
    FROM mart.coverage GROUP BY ALL
),
dated AS (
    SELECT c.*, r.last_received, r.files, coalesce(c.last_published, CAST(r.last_received AS DATE)) AS last_day
    FROM covered AS c LEFT JOIN received AS r USING (source, dataset)
),
-- A source is as new as the newest of its datasets: some of these are of a table that its publisher has closed.
newest AS (SELECT source, max(last_day) AS last_day FROM dated GROUP BY ALL)
SELECT
    d.source, s.title AS source_title, d.dataset, d.figures, d.oldest_period, d.newest_period, d.last_published, d.last_received, d.files,
    date_diff('day', d.last_day, current_date) AS age_days,
    CAST(year(current_date) - d.newest_year AS INTEGER) AS years_behind,
    c.usual_days, c.late_days, CAST(n.last_day + c.usual_days AS DATE) AS expected_by,
    CASE WHEN date_diff('day', n.last_day, current_date) > c.late_days THEN 'late'
        WHEN date_diff('day', n.last_day, current_date) > c.usual_days THEN 'due'
        WHEN c.usual_days IS NOT NULL THEN 'current' END AS source_state
FROM dated AS d
JOIN newest AS n USING (source)
LEFT JOIN calendar AS c USING (source)
LEFT JOIN ref.source AS s USING (source);
