-- The published release.
SELECT release, built_at, (SELECT count(*) FROM meta.checks WHERE NOT passed) AS failed_checks,
    coalesce((SELECT list(check_name || ': ' || description ORDER BY check_name) FROM meta.checks WHERE NOT passed), []) AS failing
FROM meta.releases
ORDER BY release DESC
LIMIT 1
