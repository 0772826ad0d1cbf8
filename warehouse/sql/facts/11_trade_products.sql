{% import "shared/facts.sql" as f %}
-- Trade by product of one level, in one edition of the classification for each reporter, year and flow: the one in which most
-- figures are published, of several the newest. Figures in other editions are in trade_figures.
{% for level, mart in (("chapter", "trade_chapters"), ("subheading", "trade_subheadings")) %}
CREATE OR REPLACE VIEW core.{{ mart }}_cell AS
WITH figure AS (
    SELECT reporter, partner, year, flow, classification, product, value_usd, {{ f.origin("'published'", "valuation") }} AS origin
    FROM core.trade_figures
    WHERE is_preferred AND value_usd IS NOT NULL AND reporter_kind = 'economy' AND freq = 'A' AND product_level = '{{ level }}'
      AND flow IN ('export', 'import', 're_export', 're_import') AND partner_kind IN ('economy', 'unspecified', 'world')
),
edition AS (
    SELECT reporter, year, flow, classification FROM figure GROUP BY reporter, year, flow, classification
    QUALIFY row_number() OVER (PARTITION BY reporter, year, flow ORDER BY count(*) DESC, classification DESC) = 1
)
SELECT reporter, year, classification, product AS a, {{ f.axis("partner") }} AS b, flow || 's' AS measure, value_usd AS value, origin
FROM figure JOIN edition USING (reporter, year, flow, classification)
UNION ALL
SELECT reporter, year, e.classification, '_T', {{ f.axis("partner") }}, flow || 's', y.value, y.origin
FROM core.trade_year AS y JOIN edition AS e USING (reporter, year, flow)
WHERE y.partner_kind IN ('economy', 'unspecified', 'world');

{{ stored("mart." ~ mart) }} AS
SELECT t.reporter, i.name AS reporter_name, t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name,
    t.classification, t.a AS product, {{ f.name_on_axis("t.a", "p.name") }} AS product_name, t.year,
    {{ f.value_columns(["exports", "imports", "re_exports", "re_imports"], "DECIMAL(20, 3)") }}
    {{ f.residual_columns() }}
FROM {{ f.with_residuals("core." ~ mart ~ "_cell", ["reporter", "year", "classification"], whole="all") }} AS t
LEFT JOIN ref.place AS i ON i.place = t.reporter
LEFT JOIN ref.place AS j ON j.place = t.b
LEFT JOIN ref.product AS p ON p.product = t.a AND p.classification = t.classification
GROUP BY t.reporter, i.name, t.b, j.name, t.classification, t.a, p.name, t.year
ORDER BY reporter, year, classification, product, partner;
{% endfor %}
