-- What a mart is.
SELECT comment FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'mart' AND table_name = {{ table | sql }}
UNION ALL
SELECT comment FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'mart' AND view_name = {{ table | sql }}
