-- The UN's tables, a file for two classifications (HS2022_HS1992.csv). "tables" says where a pair stands: C among the
-- correlations, V among the conversions, B in both. DuckDB reads the files of a folder in order of their names.
SELECT
    split_part(parse_filename(filename, true), '_', 1) AS from_classification, from_product,
    split_part(parse_filename(filename, true), '_', 2) AS to_classification, to_product, relation,
    CASE WHEN tables IN ('B', 'C') THEN 'true' WHEN tables = 'V' THEN 'false' END AS is_correlation,
    CASE WHEN tables IN ('B', 'V') THEN 'true' WHEN tables = 'C' THEN 'false' END AS is_conversion,
    family
FROM {{ relation }}
