{% import "shared/facts.sql" as f %}
-- Trade of provinces by where the trading firm is registered and by where the goods come from or go to: the two differ much
-- (Hebei's exports of 2016: 30.6 and 46.4 bn USD) and are never added.
-- Where a document prints exports and imports only together, that is a column of its own.
{% set measures = ["exports_by_operator", "imports_by_operator", "exports_by_goods_place", "imports_by_goods_place",
    "exports_by_unknown_basis", "imports_by_unknown_basis", "exports_and_imports"] %}
{% macro measure() %}
CASE flow WHEN 'export_and_import' THEN 'exports_and_imports' ELSE
    flow || 's_by_' || CASE basis WHEN 'operator_location' THEN 'operator' WHEN 'goods_place' THEN 'goods_place' ELSE 'unknown_basis' END END
{% endmacro %}
{% set whole_years = "is_preferred AND value_usd IS NOT NULL AND freq = 'A' AND product = 'TOTAL'
  AND flow IN ('export', 'import', 'export_and_import') AND partner_kind IN ('economy', 'unspecified', 'world')" %}
CREATE OR REPLACE VIEW core.trade_provinces_cell AS
SELECT year, {{ f.axis("reporter", "CN_31_PROVINCES") }} AS a, {{ f.axis("partner") }} AS b, {{ measure() }} AS measure,
    value_usd AS value, {{ f.origin("'published'", "valuation") }} AS origin
FROM core.trade_figures
WHERE (reporter_kind = 'province' OR reporter = 'CN_31_PROVINCES') AND {{ whole_years }}
  AND NOT (flow = 'export_and_import' AND basis = 'goods_place');

{{ stored("mart.trade_provinces") }} AS
SELECT t.a AS province, {{ f.name_on_axis("t.a", "i.name") }} AS province_name, coalesce(i.parent, 'CHN') AS country,
    t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name, t.year,
    {{ f.value_columns(measures, "DECIMAL(20, 3)") }}
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.trade_provinces_cell", ["year"], whole="a")) }} AS t
LEFT JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, i.parent, t.b, j.name, t.year
ORDER BY province, year, partner;

-- Trade of cities. A city is a part of its province: the two are never added, so cities have a mart of their own.
CREATE OR REPLACE VIEW core.trade_cities_cell AS
SELECT year, reporter AS a, {{ f.axis("partner") }} AS b, CASE flow WHEN 'export_and_import' THEN 'exports_and_imports' ELSE flow || 's' END AS measure,
    value_usd AS value, {{ f.origin("'published'", "valuation") }} AS origin
FROM core.trade_figures
WHERE reporter_kind = 'city' AND {{ whole_years }}
QUALIFY row_number() OVER (PARTITION BY reporter, partner, year, flow ORDER BY basis NULLS LAST, dataset) = 1;

{{ stored("mart.trade_cities") }} AS
SELECT t.a AS city, i.name AS city_name, i.parent AS province,
    t.b AS partner, {{ f.name_on_axis("t.b", "j.name") }} AS partner_name, t.year,
    {{ f.value_columns(["exports", "imports", "exports_and_imports"], "DECIMAL(20, 3)") }}
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.trade_cities_cell", ["year"], whole="a")) }} AS t
JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, i.parent, t.b, j.name, t.year
ORDER BY city, year, partner;
