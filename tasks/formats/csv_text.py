"""CSV text, read by DuckDB: every column as text, so that nothing is guessed."""

#: Options of read_csv that put records with too few or too many fields aside instead of stopping.
SET_ASIDE = "store_rejects = true, rejects_table = 'rejected_records', rejects_scan = 'rejected_scans'"
