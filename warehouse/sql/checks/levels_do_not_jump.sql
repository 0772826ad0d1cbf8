-- No population, product or trade of a place is nine times as large, or a ninth, of both the year before and the year after: a unit is wrong
-- severity: warning
WITH level AS (
    SELECT e.source, e.dataset, t.place, t.indicator, t.unit, t.period, CAST(left(t.period, 4) AS INTEGER) AS year, CAST(t.value AS DOUBLE) AS value
    FROM core.indicator AS t JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.freq = 'A' AND t.value > 0
      AND t.indicator IN ('gdp', 'population', 'goods_exports', 'goods_imports', 'goods_trade_total')
    UNION ALL
    SELECT e.source, e.dataset, r.place, s.flow || ' ' || s.valuation || coalesce(' ' || s.basis, ''), s.currency, s.period,
        CAST(left(s.period, 4) AS INTEGER), CAST(t.value AS DOUBLE)
    FROM core.trade_slice AS s
    JOIN core.trade AS t USING (slice)
    JOIN ref.place AS r ON r.place_key = t.reporter_key
    JOIN ref.place AS p ON p.place_key = t.partner_key AND p.place = 'WLD'
    JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND s.freq = 'A' AND s.classification = 'TOTAL' AND t.value > 0
),
beside AS (
    SELECT *, lag(value) OVER series AS before, lead(value) OVER series AS after, lag(year) OVER series AS year_before, lead(year) OVER series AS year_after
    FROM level WINDOW series AS (PARTITION BY source, dataset, place, indicator, unit ORDER BY year)
)
SELECT source, dataset, place, indicator, unit, period, before, value, after
FROM beside
WHERE year_before = year - 1 AND year_after = year + 1
  AND ((value > 9 * before AND value > 9 * after) OR (9 * value < before AND 9 * value < after))
