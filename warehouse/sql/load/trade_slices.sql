-- Slices that the rows need and that are not there yet.
INSERT INTO core.trade_slice
SELECT
    (SELECT coalesce(max(slice), 0) FROM core.trade_slice) + row_number() OVER (ORDER BY d.period, d.freq, d.classification, d.flow, d.valuation, d.basis, d.currency, d.quantity_unit),
    d.*
FROM (
    SELECT DISTINCT r.flow, r.valuation, r.basis, r.classification, r.freq, r.period, r.currency, r.quantity_unit
    FROM {{ rows }} AS r
    WHERE NOT EXISTS (
        FROM core.trade_slice AS s
        WHERE s.flow = r.flow AND s.valuation = r.valuation AND s.basis IS NOT DISTINCT FROM r.basis
          AND s.classification = r.classification AND s.freq = r.freq AND s.period = r.period
          AND s.currency = r.currency AND s.quantity_unit IS NOT DISTINCT FROM r.quantity_unit)
) AS d
