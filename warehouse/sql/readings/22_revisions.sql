-- Every version that replaced another one, beside the one it replaced.
{{ stored("mart.revisions") }} AS
WITH version AS (
    SELECT 'trade' AS fact, t.edition, t.superseded_by, t.obs_status::VARCHAR AS obs_status, CAST(t.value AS DECIMAL(38, 15)) AS value, s.currency AS unit, s.period,
        CAST(json_object('reporter', i.place, 'partner', j.place, 'flow', s.flow, 'valuation', s.valuation, 'basis', s.basis,
            'classification', s.classification, 'product', p.product, 'freq', s.freq, 'period', s.period) AS VARCHAR) AS cell
    FROM core.trade AS t
    JOIN core.trade_slice AS s USING (slice)
    JOIN ref.place AS i ON i.place_key = t.reporter_key
    JOIN ref.place AS j ON j.place_key = t.partner_key
    JOIN ref.product AS p ON p.product_key = t.product_key
    UNION ALL
    SELECT 'fdi', edition, superseded_by, obs_status, CAST(value AS DECIMAL(38, 15)), currency, period,
        CAST(json_object('concept', concept, 'accounting', accounting, 'direction', direction, 'principle', principle,
            'instrument', instrument, 'derivation', derivation, 'sector_scope', sector_scope, 'reporter', reporter,
            'counterpart', counterpart, 'industry', industry, 'freq', freq, 'period', period) AS VARCHAR)
    FROM core.fdi
    UNION ALL
    SELECT 'indicator', edition, superseded_by, obs_status, value, unit, period,
        CAST(json_object('place', place, 'indicator', indicator, 'freq', freq, 'period', period) AS VARCHAR)
    FROM core.indicator
    UNION ALL
    SELECT 'pair', edition, superseded_by, obs_status, value, unit, period,
        CAST(json_object('place', place, 'counterpart', counterpart, 'indicator', indicator, 'freq', freq, 'period', period) AS VARCHAR)
    FROM core.pair
    UNION ALL
    SELECT 'presence', edition, superseded_by, obs_status, CAST(value AS DECIMAL(38, 15)), counting_unit, period,
        CAST(json_object('place', place, 'origin', origin, 'counting_unit', counting_unit, 'as_of', as_of, 'period', period) AS VARCHAR)
    FROM core.presence
),
-- Of bulk datasets the few versions that were replaced are found by their keys, and put into words after that.
bulk AS (
    SELECT np.slice, np.edition, op.edition AS previous_edition, np.obs_status::VARCHAR AS obs_status, o.value AS previous_value, n.value,
        n.reporter_key, n.partner_key, n.product_number
    FROM core.trade_bulk AS o
    JOIN core.trade_part AS op ON op.part = o.part
    JOIN core.trade_part AS np ON np.edition = op.superseded_by AND np.slice = op.slice
    JOIN core.trade_bulk AS n ON n.part = np.part
     AND n.reporter_key = o.reporter_key AND n.partner_key = o.partner_key AND n.product_number = o.product_number
    WHERE op.superseded_by IS NOT NULL
),
replaced AS (
    SELECT n.fact, n.cell, n.period, n.unit, o.value AS previous_value, n.value, n.obs_status, o.edition AS previous_edition, n.edition
    FROM version AS n
    JOIN version AS o ON o.superseded_by = n.edition AND o.fact = n.fact AND o.cell = n.cell AND o.unit = n.unit
    UNION ALL
    SELECT 'trade',
        CAST(json_object('reporter', i.place, 'partner', j.place, 'flow', s.flow, 'valuation', s.valuation, 'basis', s.basis,
            'classification', s.classification, 'product', p.product, 'freq', s.freq, 'period', s.period) AS VARCHAR),
        s.period, s.currency, CAST(b.previous_value AS DECIMAL(38, 15)), CAST(b.value AS DECIMAL(38, 15)), b.obs_status, b.previous_edition, b.edition
    FROM bulk AS b
    JOIN core.trade_slice AS s USING (slice)
    JOIN ref.place AS i ON i.place_key = b.reporter_key
    JOIN ref.place AS j ON j.place_key = b.partner_key
    JOIN core.trade_product AS p USING (product_number)
)
SELECT
    n.fact, e.source, e.dataset, n.cell, n.period, n.unit,
    n.previous_value, n.value, oe.published_on AS previous_published_on, e.published_on,
    CASE WHEN n.previous_value IS NULL AND n.value IS NOT NULL THEN 'new'
         WHEN n.previous_value IS NOT NULL AND n.value IS NULL THEN 'gone' ELSE 'revised' END AS change,
    CAST(TRY(n.value - n.previous_value) AS DECIMAL(38, 15)) AS difference,
    round(((n.value - n.previous_value) / abs(nullif(n.previous_value, 0)))::DOUBLE, 9) AS relative_difference,
    CASE WHEN n.value > n.previous_value THEN 'up' WHEN n.value < n.previous_value THEN 'down' END AS direction_of_change,
    date_diff('day', oe.published_on, e.published_on) AS days_between,
    core.utc(e.known_from) AS known_from, e.artifact
FROM replaced AS n
JOIN meta.editions AS e ON e.edition = n.edition
JOIN meta.editions AS oe ON oe.edition = n.previous_edition;
