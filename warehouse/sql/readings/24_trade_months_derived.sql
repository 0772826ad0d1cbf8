-- Months as the difference of two cumulatives of one dataset, beside the month it published: where the two differ, a later
-- cumulative has revised earlier months without saying so. What is cumulated to December is the year's figure (freq A).
CREATE OR REPLACE VIEW mart.trade_months_derived AS
WITH cumulating AS (
    SELECT DISTINCT source, dataset FROM mart.trade_figures WHERE freq = 'YTD'
),
stated AS (
    SELECT t.*, CASE t.freq WHEN 'A' THEN 12 ELSE CAST(t.period[6:7] AS INTEGER) END AS month
    FROM mart.trade_figures AS t
    WHERE t.freq IN ('YTD', 'A') AND (t.source, t.dataset) IN (SELECT (source, dataset) FROM cumulating)
    -- Where December is there under both names, one of them is enough.
    QUALIFY row_number() OVER (
        PARTITION BY t.source, t.dataset, t.reporter, t.partner, t.flow, t.valuation, t.basis, t.classification, t.product, t.currency,
            t.year, month
        ORDER BY t.freq DESC) = 1
),
alone AS (
    FROM mart.trade_figures AS t WHERE t.freq = 'M' AND (t.source, t.dataset) IN (SELECT (source, dataset) FROM cumulating)
)
SELECT
    s.source, s.dataset, s.reporter, s.reporter_name, s.partner, s.partner_name, s.flow, s.valuation, s.basis, s.classification,
    s.product, s.year || '-' || lpad(s.month::VARCHAR, 2, '0') AS period, s.year, s.currency,
    s.value AS cumulative_value, b.value AS previous_cumulative_value,
    CAST(s.value - CASE WHEN s.month = 1 THEN 0 ELSE b.value END AS DECIMAL(20, 3)) AS derived_value,
    m.value AS monthly_value,
    CAST(s.value - CASE WHEN s.month = 1 THEN 0 ELSE b.value END - m.value AS DECIMAL(20, 3)) AS hidden_revision,
    s.published_on, s.known_from, s.artifact
FROM stated AS s
LEFT JOIN stated AS b
  ON b.source = s.source AND b.dataset = s.dataset AND b.reporter = s.reporter AND b.partner = s.partner AND b.flow = s.flow
 AND b.valuation = s.valuation AND b.basis IS NOT DISTINCT FROM s.basis AND b.classification = s.classification
 AND b.product = s.product AND b.currency = s.currency AND b.year = s.year AND b.month = s.month - 1
LEFT JOIN alone AS m
  ON m.source = s.source AND m.dataset = s.dataset AND m.reporter = s.reporter AND m.partner = s.partner AND m.flow = s.flow
 AND m.valuation = s.valuation AND m.basis IS NOT DISTINCT FROM s.basis AND m.classification = s.classification
 AND m.product = s.product AND m.currency = s.currency AND m.period = s.year || '-' || lpad(s.month::VARCHAR, 2, '0')
WHERE s.month = 1 OR b.month IS NOT NULL;
