-- The columns of a mart with their type, unit and meaning, in order.
SELECT c.column_name, c.data_type, d.unit, d.description
FROM duckdb_columns() AS c
LEFT JOIN meta.columns AS d ON d.table_name = 'mart.' || c.table_name AND d.column_name = c.column_name
WHERE c.database_name = current_database() AND c.schema_name = 'mart' AND c.table_name = {{ table | sql }}
ORDER BY c.column_index
