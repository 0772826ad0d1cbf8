-- BACI's codes of today's economies, with a weight of about 1 in the mean: large economies trade in more products.
-- A code of a former state, or of an older release only, would give a place a second code.
CREATE OR REPLACE TEMP TABLE place AS
WITH listed AS (
    SELECT CAST(code AS INTEGER) AS code, place
    FROM read_csv('{place_codes}', all_varchar = true)
    WHERE scheme = 'baci' AND coalesce(note, '') NOT LIKE '%...%' AND coalesce(note, '') NOT LIKE '%V202201 only%'
    QUALIFY row_number() OVER (PARTITION BY place ORDER BY CAST(code AS INTEGER)) = 1
)
SELECT
    code, place,
    CASE WHEN place IN ('CHN', 'DEU', 'JPN', 'USA') THEN 16 ELSE pow(16, (hash(code) >> 11) / pow(2, 53)) END / 5.41 AS weight
FROM listed
