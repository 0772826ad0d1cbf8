-- The columns of the database that have a NOT NULL constraint.
SELECT schema_name || '.' || table_name AS table_name, column_name
FROM duckdb_columns()
WHERE NOT is_nullable AND NOT internal
