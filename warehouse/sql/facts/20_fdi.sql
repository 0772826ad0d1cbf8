{% import "shared/facts.sql" as f %}
-- Direct investment of a year, one column a concept. Income, single instruments and industries are in fdi_figures.
{% set measures = ["mofcom_utilised", "mofcom_contracted", "mofcom_cumulative", "bop_liabilities", "bop_assets", "bop_inward", "bop_outward",
    "unctad_inflow", "unctad_outflow", "unctad_instock", "unctad_outstock", "position_inward", "position_outward",
    "position_inward_by_counterpart", "position_outward_by_counterpart", "position_liabilities", "position_assets"] %}
{{ stored("core.fdi_year") }} AS
WITH figure AS (
    SELECT *, CASE
        WHEN concept = 'mofcom_utilised' AND accounting = 'flow' AND direction = 'inward' THEN 'mofcom_utilised'
        WHEN concept = 'mofcom_contracted' AND accounting = 'flow' AND direction = 'inward' THEN 'mofcom_contracted'
        WHEN concept = 'mofcom_cumulative_utilised' THEN 'mofcom_cumulative'
        WHEN concept = 'bop' AND accounting = 'flow' AND derivation = 'reported' THEN 'bop_' || direction
        WHEN concept = 'unctad' AND accounting = 'flow' AND derivation = 'reported' THEN CASE direction WHEN 'inward' THEN 'unctad_inflow' ELSE 'unctad_outflow' END
        WHEN concept = 'unctad' AND accounting = 'position' AND derivation = 'reported' THEN CASE direction WHEN 'inward' THEN 'unctad_instock' ELSE 'unctad_outstock' END
        WHEN concept = 'direct_investment_position'
        THEN 'position_' || direction || CASE derivation WHEN 'reported' THEN '' ELSE '_by_counterpart' END
        END AS measure
    FROM mart.fdi_figures
    WHERE is_preferred AND value_usd IS NOT NULL AND instrument = 'total' AND industry = 'TOTAL'
      AND reporter_kind IN ('economy', 'world')
),
candidate AS (
    SELECT reporter, counterpart, counterpart_kind, year, measure, value_usd AS value, 1 AS choice, principle, dataset,
        {{ f.origin("'published'", "sector_scope") }} AS origin
    FROM figure WHERE freq = 'A'
    UNION ALL
    SELECT reporter, counterpart, counterpart_kind, year, measure, value_usd, 2, principle, dataset, {{ f.origin("'cumulated to December'", "sector_scope") }}
    FROM figure WHERE freq = 'YTD' AND period LIKE '%-12'
    UNION ALL
    SELECT reporter, counterpart, counterpart_kind, year, measure, value_usd, 3, principle, dataset, {{ f.origin("'end of the year'", "sector_scope") }}
    FROM figure WHERE accounting = 'position' AND (period LIKE '%-Q4' OR (freq = 'M' AND period LIKE '%-12'))
    UNION ALL
    SELECT reporter, counterpart, counterpart_kind, year, measure, sum(value_usd), 4, principle, dataset,
        {{ f.origin_of_sum("CASE freq WHEN 'Q' THEN 'sum of four quarters' ELSE 'sum of twelve months' END", "sector_scope") }}
    FROM figure WHERE accounting = 'flow' AND freq IN ('Q', 'M')
    GROUP BY reporter, counterpart, counterpart_kind, year, measure, principle, dataset, freq
    HAVING count(DISTINCT period) = CASE freq WHEN 'Q' THEN 4 ELSE 12 END
)
SELECT reporter, counterpart, counterpart_kind, year, measure, CAST(value AS DECIMAL(20, 2)) AS value, origin
FROM candidate WHERE measure IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY reporter, counterpart, year, measure ORDER BY choice, principle, dataset) = 1;

CREATE OR REPLACE VIEW core.fdi_cell AS
SELECT year, {{ f.axis("reporter") }} AS a, {{ f.axis("counterpart") }} AS b, measure, value, origin FROM core.fdi_year
WHERE counterpart_kind IN ('economy', 'unspecified', 'world');

{{ stored("mart.fdi") }} AS
SELECT t.a AS reporter, {{ f.name_on_axis("t.a", "i.name") }} AS reporter_name,
    t.b AS counterpart, {{ f.name_on_axis("t.b", "j.name") }} AS counterpart_name, t.year,
    {{ f.value_columns(measures, "DECIMAL(20, 2)") }}
    {{ f.seam_column() }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.fdi_cell", ["year"], whole="a")) }} AS t
LEFT JOIN ref.place AS i ON i.place = t.a
LEFT JOIN ref.place AS j ON j.place = t.b
GROUP BY t.a, i.name, t.b, j.name, t.year
ORDER BY reporter, year, counterpart;
