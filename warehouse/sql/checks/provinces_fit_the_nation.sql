-- What China's provinces add up to is near the nation's total: figures that are not must be corrected or declared wrong (ref.correction)
-- severity: stop
WITH rate AS (
    -- Before 1994 China had two rates of exchange, and the nation's total may be converted by another than ours.
    SELECT currency, period, rate FROM ref.exchange_rate
    WHERE fx_kind = 'avg' AND freq = 'A' AND preferred AND period >= '1994'
),
indicator AS (
    SELECT t.place, t.indicator AS measure, t.period, e.source, e.dataset, t.unit,
        CASE WHEN t.unit IN ('USD', 'persons') THEN CAST(t.value AS DECIMAL(38, 2)) ELSE core.to_usd(t.value, r.rate) END AS value
    FROM core.indicator AS t
    JOIN meta.editions AS e USING (edition)
    LEFT JOIN rate AS r ON r.currency = t.unit AND r.period = t.period
    WHERE t.superseded_by IS NULL AND t.freq = 'A' AND t.value IS NOT NULL
      AND t.indicator IN ('gdp', 'population', 'goods_trade_total', 'goods_exports', 'goods_imports')
),
trade AS (
    SELECT i.place, 'goods_' || s.flow || 's' AS measure, s.period, e.source, e.dataset,
        s.currency || ' ' || coalesce(s.basis, '') || ' ' || s.valuation AS unit,
        CASE WHEN s.currency = 'USD' THEN CAST(t.value AS DECIMAL(38, 2)) ELSE core.to_usd(t.value, r.rate) END AS value
    FROM (
        FROM core.trade_slice WHERE classification = 'TOTAL' AND freq = 'A' AND flow IN ('export', 'import') AND basis IS NOT NULL
    ) AS s
    JOIN core.trade AS t USING (slice)
    JOIN ref.place AS i ON i.place_key = t.reporter_key AND i.kind = 'province'
    JOIN ref.place AS j ON j.place_key = t.partner_key AND j.place = 'WLD'
    JOIN meta.editions AS e ON e.edition = t.edition
    LEFT JOIN rate AS r ON r.currency = s.currency AND r.period = s.period
    WHERE t.superseded_by IS NULL AND t.value IS NOT NULL
),
-- All that anybody published of the nation: the sum need not agree with the one or the other concept, but with some.
nation AS (
    SELECT measure, period, min(value) AS least, max(value) AS most FROM indicator WHERE place = 'CHN' GROUP BY ALL
    UNION ALL
    SELECT 'goods_trade_total', x.period, min(x.value + m.value), max(x.value + m.value)
    FROM indicator AS x
    JOIN indicator AS m ON m.place = 'CHN' AND m.measure = 'goods_imports' AND m.period = x.period
     AND m.source = x.source AND m.dataset = x.dataset AND m.unit = x.unit
    WHERE x.place = 'CHN' AND x.measure = 'goods_exports'
    GROUP BY ALL
),
summed AS (
    SELECT f.source, f.dataset, f.measure, f.unit, f.period, count(DISTINCT f.place) AS provinces, sum(f.value) AS value
    FROM (FROM indicator UNION ALL FROM trade) AS f
    JOIN ref.place AS p ON p.place = f.place AND p.kind = 'province' AND p.parent = 'CHN'
    GROUP BY ALL
    HAVING count(DISTINCT f.place) BETWEEN 30 AND 31 AND count(*) = count(DISTINCT f.place)
)
SELECT s.source, s.dataset, s.measure, s.unit, s.period, s.provinces, s.value AS sum_of_provinces, n.least, n.most
FROM summed AS s
JOIN (SELECT measure, period, min(least) AS least, max(most) AS most FROM nation GROUP BY ALL) AS n USING (measure, period)
WHERE s.value < n.least * 0.8 OR s.value > n.most * 1.25
