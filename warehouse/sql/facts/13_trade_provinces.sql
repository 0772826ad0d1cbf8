{% import "shared/facts.sql" as f %}
-- Trade of provinces by where the trading firm is registered and by where the goods come from or go to: the two differ much
-- (Hebei's exports of 2016: 30.6 and 46.4 bn USD) and are never added.
CREATE OR REPLACE VIEW core.trade_provinces_cell AS
SELECT year, {{ f.axis("reporter", "CN_31_PROVINCES") }} AS a, {{ f.axis("partner") }} AS b,
    flow || 's_by_' || CASE basis WHEN 'operator_location' THEN 'operator' WHEN 'goods_place' THEN 'goods_place' ELSE 'unknown_basis' END AS measure,
    value_usd AS value, {{ f.origin("'published'", "valuation") }} AS origin
FROM core.trade_figures
WHERE (reporter_kind = 'province' OR reporter = 'CN_31_PROVINCES') AND is_preferred AND value_usd IS NOT NULL AND freq = 'A'
  AND product = 'TOTAL' AND flow IN ('export', 'import') AND partner_kind IN ('economy', 'unspecified', 'world');

{{ stored("mart.trade_provinces") }} AS
SELECT t.a AS province, {{ f.name_on_axis("t.a", "i.name") }} AS province_name, coalesce(i.parent, 'CHN') AS country,
    t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name, t.year,
    {{ f.value_columns(["exports_by_operator", "imports_by_operator", "exports_by_goods_place", "imports_by_goods_place",
        "exports_by_unknown_basis", "imports_by_unknown_basis"], "DECIMAL(20, 3)") }}
    {{ f.residual_columns() }}
FROM {{ f.with_residuals("core.trade_provinces_cell", ["year"], whole="a") }} AS t
LEFT JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, i.parent, t.b, j.name, t.year
ORDER BY province, year, partner;
