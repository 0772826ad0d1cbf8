-- The views of all versions of a fact: core.<fact>_versions.
SELECT view_name
FROM duckdb_views()
WHERE schema_name = 'core' AND ends_with(view_name, '_versions')
ORDER BY view_name
