-- The marts of the published file with their meaning and columns.
SELECT table_name AS mart, max(meaning) AS meaning, list(column_name ORDER BY column_index) AS columns
FROM (
    SELECT t.name AS table_name, t.comment AS meaning, c.column_name, c.column_index
    FROM (
        SELECT table_name AS name, schema_name, database_name, comment FROM duckdb_tables()
        UNION ALL
        SELECT view_name, schema_name, database_name, comment FROM duckdb_views()
    ) AS t
    JOIN duckdb_columns() AS c ON c.database_name = t.database_name AND c.schema_name = t.schema_name AND c.table_name = t.name
    WHERE t.schema_name = 'mart' AND t.database_name = current_database()
)
GROUP BY table_name
ORDER BY table_name
