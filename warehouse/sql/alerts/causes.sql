-- What a release says is wrong, by kind and subject, with a message. Shares are of the rows of a source's last loads; a source with few
-- rows has no share that means anything.
WITH last_load AS (
    FROM meta.loads QUALIFY row_number() OVER (PARTITION BY source, filename, artifact ORDER BY load DESC) = 1
),
-- Loads of one build: those within an hour of the source's newest. The first build revises nothing: a file may have several editions.
newest AS (
    SELECT l.* FROM meta.loads AS l
    JOIN (SELECT source, max(loaded_at) AS newest, min(loaded_at) AS oldest FROM meta.loads GROUP BY ALL) AS n USING (source)
    WHERE l.loaded_at > n.newest - INTERVAL 1 HOUR AND n.oldest <= n.newest - INTERVAL 1 HOUR
),
quarantined AS (
    SELECT source, sum(rows_quarantined)::BIGINT AS refused, sum(rows_in)::BIGINT AS of_rows, count(*) FILTER (rows_quarantined > 0) AS files
    FROM last_load GROUP BY ALL
),
revised AS (
    SELECT source, sum(rows_revised)::BIGINT AS revised, sum(rows_revised + rows_unchanged)::BIGINT AS of_cells FROM newest GROUP BY ALL
)
SELECT 'check_failed' AS kind, check_name AS subject,
    format('the check {} finds {} violations: {}', check_name, violations, description) AS message
FROM meta.checks WHERE NOT passed AND check_name <> 'lost_figures'
UNION ALL
SELECT 'figures_lost', replace(setting, 'lost figures of ', ''), setting_value
FROM meta.settings WHERE starts_with(setting, 'lost figures of ')
UNION ALL
SELECT 'quarantine', source, format('{} of {} rows of {} are in quarantine, from {} files', refused, of_rows, source, files)
FROM quarantined WHERE refused >= $least_rows AND refused > $quarantine_share * of_rows
UNION ALL
SELECT 'revisions', source, format('{} of {} known cells of {} have another value than before', revised, of_cells, source)
FROM revised WHERE revised >= $least_rows AND revised > $revised_share * of_cells
UNION ALL
SELECT DISTINCT 'source_late', source,
    format('{} was to release by {}; its newest figures are {} days old', source, expected_by, min(age_days) OVER (PARTITION BY source))
FROM mart.freshness WHERE source_state = 'late' AND list_contains($pulled, source)
