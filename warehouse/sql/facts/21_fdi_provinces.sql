{% import "shared/facts.sql" as f %}
-- Foreign investment of provinces, one column a concept of the provinces' own. The total is what is printed for the 31 provinces
-- together; the nation's figure also has ministries, which are not a province, and is in fdi_figures.
{% set measures = ["utilised", "other_investment", "utilised_cumulative", "stated_cumulative", "fdi_proper", "foreign_exchange_administration"] %}
{% macro measure() %}
CASE concept WHEN 'province_utilised' THEN 'utilised' WHEN 'mofcom_utilised' THEN 'utilised'
    WHEN 'province_other_investment' THEN 'other_investment' WHEN 'province_cumulative_utilised' THEN 'utilised_cumulative'
    WHEN 'province_cumulative_stated' THEN 'stated_cumulative'
    WHEN 'province_fdi_proper' THEN 'fdi_proper' WHEN 'province_safe' THEN 'foreign_exchange_administration' END
{% endmacro %}
{% set whole_years = "is_preferred AND value_usd IS NOT NULL AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL' AND direction = 'inward'
      AND counterpart_kind IN ('economy', 'unspecified', 'world')" %}
CREATE OR REPLACE VIEW core.fdi_provinces_cell AS
WITH figure AS (
    SELECT *, {{ measure() }} AS measure
    FROM mart.fdi_figures
    WHERE (reporter_kind = 'province' OR reporter = 'CN_31_PROVINCES') AND {{ whole_years }}
)
SELECT year, {{ f.axis("reporter", "CN_31_PROVINCES") }} AS a, {{ f.axis("counterpart") }} AS b, measure, value_usd AS value,
    {{ f.origin("'published'", "sector_scope") }} AS origin
FROM figure WHERE measure IS NOT NULL
-- A province's own count before the Ministry's.
QUALIFY row_number() OVER (PARTITION BY reporter, counterpart, year, measure ORDER BY concept DESC) = 1;

{{ stored("mart.fdi_provinces") }} AS
SELECT t.a AS province, {{ f.name_on_axis("t.a", "i.name") }} AS province_name, coalesce(i.parent, 'CHN') AS country,
    t.b AS origin, {{ f.name_on_axis("t.b", "j.name") }} AS origin_name, t.year,
    {{ f.value_columns(measures, "DECIMAL(20, 2)") }}
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.fdi_provinces_cell", ["year"], whole="a")) }} AS t
LEFT JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, i.parent, t.b, j.name, t.year
ORDER BY province, year, origin;

-- Foreign investment of cities. A city is a part of its province: the two are never added, so cities have a mart of their own.
CREATE OR REPLACE VIEW core.fdi_cities_cell AS
WITH figure AS (
    SELECT *, {{ measure() }} AS measure FROM mart.fdi_figures WHERE reporter_kind = 'city' AND {{ whole_years }}
)
SELECT year, reporter AS a, {{ f.axis("counterpart") }} AS b, measure, value_usd AS value,
    {{ f.origin("'published'", "sector_scope") }} AS origin
FROM figure WHERE measure IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY reporter, counterpart, year, measure ORDER BY concept DESC) = 1;

{{ stored("mart.fdi_cities") }} AS
SELECT t.a AS city, i.name AS city_name, i.parent AS province,
    t.b AS origin, {{ f.name_on_axis("t.b", "j.name") }} AS origin_name, t.year,
    {{ f.value_columns(measures, "DECIMAL(20, 2)") }}
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.fdi_cities_cell", ["year"], whole="a")) }} AS t
JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, i.parent, t.b, j.name, t.year
ORDER BY city, year, origin;
