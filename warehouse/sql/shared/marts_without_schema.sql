-- The names of the marts that are there.
SELECT view_name AS name FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'mart'
UNION ALL
SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'mart'
ORDER BY name
