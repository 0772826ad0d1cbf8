-- The figures of an annex table as CSV, one row per region or economy in the file, one column per year.
SELECT
    {{ report | sql }} AS wir_report, {{ table | sql }} AS wir_table, CAST(wir_line AS VARCHAR) AS wir_line, wir_economy,
    CAST(year AS VARCHAR) AS year, unctad_million_usd, 'true' AS wir_zero_is_open, CAST(NULL AS VARCHAR) AS unctad_footnote
FROM (
    UNPIVOT (SELECT row_number() OVER () + 1 AS wir_line, * FROM {{ records }})
    ON COLUMNS(* EXCLUDE (wir_line, level, type, wir_economy)) INTO NAME year VALUE unctad_million_usd
)
