-- The tables of the attached published file, and whether they have versions.
SELECT schema_name, table_name, list_contains(list(column_name), 'superseded_by') AS has_versions
FROM duckdb_columns()
JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE database_name = 'published'
GROUP BY ALL
ORDER BY ALL
