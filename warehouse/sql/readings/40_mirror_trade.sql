-- What the exporter and the importer each publish of the same trade: the preferred figure of each side, both named, never averaged.
-- Where one side has no figure, missing_side says why: it lists its partners of that year (those named reach nine tenths of its
-- published total) and published nothing for this one, or its partners are not loaded.
{{ stored("mart.mirror_trade") }} AS
WITH figure AS (
    {% for table, columns in (("trade", "'TOTAL' AS classification, 'TOTAL' AS product"), ("trade_chapters", "classification, product"),
        ("trade_subheadings", "classification, product")) %}
    SELECT reporter, reporter_name, partner, partner_name, {{ columns }}, year, exports_usd, imports_usd, exports_from, imports_from
    FROM mart.{{ table }} WHERE partner <> '_X' AND reporter <> '_X' AND partner <> reporter{{ " AND product <> '_X'" if not loop.first }}
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),
-- A row's total_method may be that of a total along the other axis: whether a side published its own is looked up.
published AS (FROM core.trade_cell WHERE a <> '_T' AND b = '_T' AND value IS NOT NULL),
complete AS (
    SELECT reporter, year,
        coalesce(sum(exports_usd) FILTER (partner <> '_X') >= 0.9 * sum(exports_usd), false)
            AND (reporter, year) IN (SELECT (a, year) FROM published WHERE measure = 'exports') AS exports,
        coalesce(sum(imports_usd) FILTER (partner <> '_X') >= 0.9 * sum(imports_usd), false)
            AND (reporter, year) IN (SELECT (a, year) FROM published WHERE measure = 'imports') AS imports
    FROM mart.trade WHERE reporter <> '_X' GROUP BY reporter, year
),
paired AS (
    SELECT coalesce(x.reporter, m.partner) AS exporter, coalesce(x.reporter_name, m.partner_name) AS exporter_name,
        coalesce(x.partner, m.reporter) AS importer, coalesce(x.partner_name, m.reporter_name) AS importer_name,
        coalesce(x.classification, m.classification) AS classification, coalesce(x.product, m.product) AS product, coalesce(x.year, m.year) AS year,
        x.exports_usd AS export_usd, m.imports_usd AS import_usd, x.exports_from AS export_from, m.imports_from AS import_from
    FROM (FROM figure WHERE exports_usd IS NOT NULL) AS x
    FULL JOIN (FROM figure WHERE imports_usd IS NOT NULL) AS m
      ON m.reporter = x.partner AND m.partner = x.reporter AND m.classification = x.classification AND m.product = x.product AND m.year = x.year
)
SELECT p.exporter, p.exporter_name, p.importer, p.importer_name, p.classification, p.product,
    core.product_level(p.product) AS product_level, p.year, p.export_usd, p.import_usd,
    CASE WHEN import_usd IS NULL THEN 'exporter_only' WHEN export_usd IS NULL THEN 'importer_only' ELSE 'both' END AS mirror_status,
    CASE WHEN import_usd IS NULL THEN CASE WHEN i.imports THEN 'published nothing' ELSE 'not loaded' END
         WHEN export_usd IS NULL THEN CASE WHEN e.exports THEN 'published nothing' ELSE 'not loaded' END END AS missing_side,
    CAST(import_usd - export_usd AS DECIMAL(20, 3)) AS gap_usd,
    CAST(CASE WHEN export_usd > 0 THEN import_usd / export_usd END AS DECIMAL(38, 6)) AS import_to_export,
    CAST(CASE WHEN import_usd + export_usd > 0 THEN 2 * (import_usd - export_usd) / (import_usd + export_usd) END AS DECIMAL(38, 6)) AS relative_gap,
    p.export_from, p.import_from
FROM paired AS p
-- Whether a side lists its partners says nothing of its products.
LEFT JOIN complete AS i ON i.reporter = p.importer AND i.year = p.year AND p.product = 'TOTAL'
LEFT JOIN complete AS e ON e.reporter = p.exporter AND e.year = p.year AND p.product = 'TOTAL'
ORDER BY exporter, importer, year, classification, product;
