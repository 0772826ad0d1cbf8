{% import "shared/facts.sql" as f %}
-- Trade by month: as published, otherwise the difference of two cumulative figures of one dataset. What the months do not reach of the
-- year is the month _X: months that nobody published, and revisions of earlier months within later cumulative figures.
CREATE OR REPLACE VIEW core.trade_months_cell AS
WITH figure AS (
    SELECT *, CAST(period[6:7] AS INTEGER) AS month FROM core.trade_figures
    WHERE value_usd IS NOT NULL AND reporter_kind = 'economy' AND product = 'TOTAL' AND freq IN ('M', 'YTD')
      AND partner_kind IN ('economy', 'unspecified', 'world') AND flow IN ('export', 'import', 're_export', 're_import')
),
cumulative AS (
    SELECT *, lag(value_usd) OVER line AS previous_usd, lag(month) OVER line AS previous_month
    FROM figure WHERE freq = 'YTD'
    WINDOW line AS (PARTITION BY source, dataset, reporter, partner, flow, valuation, currency, year ORDER BY period)
),
candidate AS (
    SELECT reporter, partner, year, period, flow, value_usd AS value, 1 AS choice, dataset, {{ f.origin("'published'", "valuation") }} AS origin
    FROM figure WHERE freq = 'M' AND is_preferred
    UNION ALL
    SELECT reporter, partner, year, period, flow, value_usd - CASE WHEN month = 1 THEN 0 ELSE previous_usd END, 2, dataset,
        {{ f.origin("'difference of cumulative figures'", "valuation") }}
    FROM cumulative WHERE month = 1 OR previous_month = month - 1
),
month AS (
    FROM candidate QUALIFY row_number() OVER (PARTITION BY reporter, partner, period, flow ORDER BY choice, dataset) = 1
)
SELECT reporter, year, period AS a, {{ f.axis("partner") }} AS b, flow || 's' AS measure, CAST(value AS DECIMAL(20, 3)) AS value, origin
FROM month
UNION ALL
-- Twelve months of one publisher are not completed to the year of another: customs value and CIF, for instance, differ by the
-- freight, which is not trade of an unknown month.
SELECT reporter, year, '_T', {{ f.axis("partner") }}, flow || 's', value, origin
FROM core.trade_year AS y
WHERE partner_kind IN ('economy', 'unspecified', 'world')
  AND EXISTS (FROM month AS m WHERE m.reporter = y.reporter AND m.year = y.year AND m.flow = y.flow)
  AND NOT EXISTS (
    SELECT m.partner FROM month AS m
    WHERE m.reporter = y.reporter AND m.year = y.year AND m.flow = y.flow AND m.partner = y.partner
    GROUP BY m.partner HAVING count(*) = 12 AND NOT bool_or(m.origin.source = y.origin.source));

{{ stored("mart.trade_months") }} AS
SELECT t.reporter, i.name AS reporter_name, t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name,
    t.a AS month, t.year, CASE WHEN t.a <> '_X' THEN CAST(t.a || '-01' AS DATE) END AS month_start,
    {{ f.value_columns(["exports", "imports", "re_exports", "re_imports"], "DECIMAL(20, 3)") }}
    {{ f.residual_columns() }}
FROM {{ f.with_residuals("core.trade_months_cell", ["reporter", "year"], whole="all") }} AS t
LEFT JOIN ref.place AS i ON i.place = t.reporter
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.reporter, i.name, t.b, j.name, t.a, t.year
ORDER BY reporter, year, month, partner;
