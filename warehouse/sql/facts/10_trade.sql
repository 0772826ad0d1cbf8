{% import "shared/facts.sql" as f %}
-- All goods of a year, found by the first of these methods that gives a value: published for the year, cumulated to
-- December, sum of all chapters, sum of twelve months.
{{ stored("core.trade_year") }} AS
WITH figure AS (
    FROM core.trade_figures WHERE is_preferred AND value_usd IS NOT NULL AND reporter_kind IN ('economy', 'world')
),
-- Datasets that list all chapters of a year: only there is the sum of the chapters all goods.
all_chapters AS (
    SELECT dataset, classification, reporter, flow, year FROM figure
    WHERE product_level = 'chapter' AND freq = 'A' GROUP BY ALL HAVING count(DISTINCT product) >= 90
),
candidate AS (
    SELECT reporter, partner, partner_kind, year, flow, value_usd AS value, 1 AS choice, dataset,
        {{ f.origin("'published'", "valuation") }} AS origin
    FROM figure WHERE freq = 'A' AND product = 'TOTAL'
    UNION ALL
    SELECT reporter, partner, partner_kind, year, flow, value_usd, 2, dataset, {{ f.origin("'cumulated to December'", "valuation") }}
    FROM figure WHERE freq = 'YTD' AND period LIKE '%-12' AND product = 'TOTAL'
    UNION ALL
    SELECT reporter, partner, partner_kind, year, flow, sum(value_usd), 3, dataset, {{ f.origin_of_sum("'sum of chapters'", "valuation") }}
    FROM figure JOIN all_chapters USING (dataset, classification, reporter, flow, year)
    WHERE freq = 'A' AND product_level = 'chapter'
    GROUP BY reporter, partner, partner_kind, year, flow, dataset, classification
    UNION ALL
    SELECT reporter, partner, partner_kind, year, flow, sum(value_usd), 4, dataset, {{ f.origin_of_sum("'sum of twelve months'", "valuation") }}
    FROM figure WHERE freq = 'M' AND product = 'TOTAL'
    GROUP BY reporter, partner, partner_kind, year, flow, source, dataset HAVING count(DISTINCT period) = 12
)
SELECT reporter, partner, partner_kind, year, flow, CAST(value AS DECIMAL(20, 3)) AS value, origin
FROM candidate
WHERE flow IN ('export', 'import', 're_export', 're_import')
QUALIFY row_number() OVER (PARTITION BY reporter, partner, year, flow ORDER BY choice, dataset) = 1;

CREATE OR REPLACE VIEW core.trade_cell AS
SELECT year, {{ f.axis("reporter") }} AS a, {{ f.axis("partner") }} AS b, flow || 's' AS measure, value, origin
FROM core.trade_year
WHERE partner_kind IN ('economy', 'unspecified', 'world');

{{ stored("mart.trade") }} AS
SELECT t.a AS reporter, {{ f.name_on_axis("t.a", "i.name") }} AS reporter_name,
    t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name, t.year,
    {{ f.value_columns(["exports", "imports", "re_exports", "re_imports"], "DECIMAL(20, 3)") }}
    any_value(t.origin.valuation) FILTER (t.measure = 'exports') AS exports_valuation,
    any_value(t.origin.valuation) FILTER (t.measure = 'imports') AS imports_valuation,
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.trade_cell", ["year"], whole="a")) }} AS t
LEFT JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, t.b, j.name, t.year
ORDER BY reporter, year, partner;
