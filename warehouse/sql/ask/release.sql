-- The published release.
SELECT release, built_at, (SELECT count(*) FROM meta.checks WHERE NOT passed) AS failed_checks
FROM meta.releases
ORDER BY release DESC
LIMIT 1
