-- The flat table an analyst would make by hand of the files and CEPII's codes: one row a flow, ready to be asked.
CREATE TABLE trade AS
SELECT
    'cepii.baci' AS source, 'export' AS flow, f.t AS year, i.place AS reporter, j.place AS partner, f.k AS product,
    CAST(f.v * 1000 AS DECIMAL(18, 3)) AS value_usd, CAST(f.q * 1000 AS DECIMAL(18, 3)) AS net_weight_kg
FROM {relation} AS f
JOIN place AS i ON i.code = f.i
JOIN place AS j ON j.code = f.j
ORDER BY f.t, f.i, f.j, f.k
