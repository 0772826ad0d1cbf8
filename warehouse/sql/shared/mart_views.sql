-- The marts that are views, and their short names.
SELECT schema_name || '.' || view_name AS name
FROM duckdb_views()
WHERE schema_name IN ('mart', 'main') AND NOT internal
ORDER BY name
