-- Records that DuckDB's reader set aside, each once: number among the records below the header, what is wrong, its text.
SELECT line - 1, min(error_message), any_value(csv_line)
FROM {{ rejected_records }}
GROUP BY line
ORDER BY line
