-- What the exporter and the importer each say of the same trade, side by side, as one dataset publishes both.
-- Reconciled data (BACI) have one figure for both sides and are not here. Never averaged.
CREATE OR REPLACE VIEW mart.mirror_trade AS
WITH figure AS (
    SELECT * FROM mart.trade
    WHERE partner NOT IN (SELECT place FROM ref.place WHERE is_aggregate) AND reporter NOT IN (SELECT place FROM ref.place WHERE is_aggregate)
      AND flow IN ('export', 'import') AND basis IS NULL AND source <> 'cepii.baci'
),
paired AS (
    SELECT
        coalesce(x.source, m.source) AS source, coalesce(x.dataset, m.dataset) AS dataset,
        coalesce(x.reporter, m.partner) AS exporter, coalesce(x.reporter_name, m.partner_name) AS exporter_name,
        coalesce(x.partner, m.reporter) AS importer, coalesce(x.partner_name, m.reporter_name) AS importer_name,
        coalesce(x.classification, m.classification) AS classification, coalesce(x.product, m.product) AS product,
        coalesce(x.freq, m.freq) AS freq, coalesce(x.period, m.period) AS period, coalesce(x.year, m.year) AS year,
        x.value_usd AS export_usd, x.valuation AS export_valuation, m.value_usd AS import_usd, m.valuation AS import_valuation,
        x.artifact AS export_artifact, m.artifact AS import_artifact
    FROM (FROM figure WHERE flow = 'export') AS x
    FULL JOIN (FROM figure WHERE flow = 'import') AS m
      ON m.source = x.source AND m.dataset = x.dataset AND m.reporter = x.partner AND m.partner = x.reporter
     AND m.classification = x.classification AND m.product = x.product AND m.freq = x.freq AND m.period = x.period
)
SELECT
    source, dataset, exporter, exporter_name, importer, importer_name, classification, product, freq, period, year,
    export_usd, export_valuation, import_usd, import_valuation,
    CASE WHEN import_usd IS NULL THEN 'exporter_only' WHEN export_usd IS NULL THEN 'importer_only' ELSE 'both' END AS mirror_status,
    CAST(import_usd - export_usd AS DECIMAL(18, 3)) AS gap_usd,
    CAST(CASE WHEN export_usd > 0 THEN import_usd / export_usd END AS DECIMAL(38, 6)) AS import_to_export,
    CAST(CASE WHEN import_usd + export_usd > 0 THEN 2 * (import_usd - export_usd) / (import_usd + export_usd) END AS DECIMAL(38, 6)) AS relative_gap,
    export_artifact, import_artifact
FROM paired
WHERE export_usd IS NOT NULL OR import_usd IS NOT NULL;
