-- Current figures in other currencies that have no dollar amount for want of a rate, by fact, currency, kind of rate and frequency.
WITH amount AS (
    SELECT 'trade' AS fact, s.currency, 'avg' AS fx_kind, s.freq, s.period
    FROM core.trade AS t
    JOIN core.trade_slice AS s USING (slice)
    WHERE t.superseded_by IS NULL AND t.value IS NOT NULL AND s.currency <> 'USD'
    UNION ALL
    SELECT 'trade', s.currency, 'avg', s.freq, s.period
    FROM core.trade_bulk AS t
    JOIN core.trade_part AS p USING (part)
    JOIN core.trade_slice AS s USING (slice)
    WHERE p.superseded_by IS NULL AND t.value IS NOT NULL AND s.currency <> 'USD'
    UNION ALL
    SELECT 'fdi', currency, CASE accounting WHEN 'position' THEN 'eop' ELSE 'avg' END, freq, period
    FROM core.fdi
    WHERE superseded_by IS NULL AND value IS NOT NULL AND currency <> 'USD'
)
SELECT a.fact, a.currency, a.fx_kind, a.freq, count(*) AS figures, min(a.period) AS first_period, max(a.period) AS last_period
FROM amount AS a
ANTI JOIN (FROM ref.exchange_rate WHERE preferred) AS r USING (currency, fx_kind, freq, period)
GROUP BY ALL
ORDER BY figures DESC, a.fact, a.currency, a.fx_kind, a.freq
