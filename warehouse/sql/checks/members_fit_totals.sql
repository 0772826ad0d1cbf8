-- Trade with single partners adds up to no more than the total with all partners that the same publisher states
-- severity: warning
SELECT f.source, f.dataset, r.place AS reporter, s.flow, s.period, f.product_key, f.members, f.total
FROM (
    SELECT e.source, e.dataset, t.slice, t.reporter_key, t.product_key,
        sum(t.value) FILTER (p.kind = 'economy') AS members, any_value(t.value) FILTER (p.place = 'WLD') AS total
    FROM core.trade AS t
    JOIN ref.place AS p ON p.place_key = t.partner_key
    JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL
    GROUP BY ALL
) AS f
JOIN core.trade_slice AS s USING (slice)
JOIN ref.place AS r ON r.place_key = f.reporter_key
WHERE f.members > 1.01 * CAST(f.total AS DOUBLE)  -- as decimals, a total of ten trillion yen does not fit
