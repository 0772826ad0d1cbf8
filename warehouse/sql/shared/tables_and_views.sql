-- All tables and views of the database.
SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
UNION ALL
SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal
