{% import "shared/facts.sql" as f %}
-- Companies, bases and people of an origin at a place, one column a counting unit. Places of one economy do not contain each other:
-- a city is a row only where its province has no figure. Regions of origin (prefectures) are within their economy. The Ministry's
-- count of residents lists Hong Kong within China, and its total includes it.
{% set measures = ["bases", "registered_companies", "approved_companies", "operating_companies", "parent_companies", "companies_stated", "club_members", "residents"] %}
CREATE OR REPLACE VIEW core.presence_cell AS
WITH figure AS (
    SELECT p.*, k.parent, CASE
            WHEN starts_with(p.dataset, 'mofa_residents') AND p.place = 'HKG' THEN 'CHN'
            WHEN p.place_kind = 'economy' THEN p.place
            WHEN p.place_kind = 'city' THEN coalesce(u.parent, k.parent) ELSE k.parent END AS economy,
        CASE WHEN p.kind_of_origin IN ('prefecture', 'province') THEN o.parent ELSE p.origin END AS origin_economy
    FROM mart.presence_figures AS p
    JOIN ref.place AS k ON k.place = p.place
    LEFT JOIN ref.place AS u ON u.place = k.parent
    JOIN ref.place AS o ON o.place = p.origin
    WHERE p.is_preferred AND p.freq = 'A' AND p.value IS NOT NULL AND p.place_kind IN ('economy', 'province', 'prefecture', 'city')
)
SELECT economy, origin_economy, year, CASE WHEN place = economy THEN '_T' ELSE place END AS a,
    CASE WHEN origin = origin_economy THEN '_T' ELSE origin END AS b, counting_unit AS measure, value::BIGINT AS value,
    {{ f.origin("'published'", currency="NULL") }} AS origin
FROM figure AS x
WHERE place_kind <> 'city' OR NOT EXISTS (
    FROM figure AS y WHERE y.place = x.parent AND y.year = x.year AND y.counting_unit = x.counting_unit AND y.origin = x.origin);

{{ stored("mart.presence") }} AS
SELECT t.economy, t.a AS place, {{ f.name_on_axis("t.a", "k.name") }} AS place_name,
    core.place_kind(coalesce(k.kind, 'non_place'), t.a) AS place_kind,
    CASE WHEN t.a = '_X' THEN '_X' WHEN k.kind = 'province' THEN k.place WHEN k.kind = 'city' THEN k.parent END AS province,
    t.origin_economy AS origin, o.name AS origin_name, t.b AS origin_region, {{ f.name_on_axis("t.b", "r.name") }} AS origin_region_name, t.year,
    {{ f.value_columns(measures, "BIGINT", "") }}
    {{ f.seam_column("") }},
    {{ f.residual_columns() }}
FROM {{ f.with_seams(f.with_residuals("core.presence_cell", ["economy", "origin_economy", "year"], whole="a"), ["economy", "origin_economy", "a", "b"]) }} AS t
LEFT JOIN ref.place AS k ON k.place = t.a
LEFT JOIN ref.place AS o ON o.place = t.origin_economy
LEFT JOIN ref.place AS r ON r.place = t.b
GROUP BY t.economy, t.a, k.name, k.kind, k.place, k.parent, t.origin_economy, o.name, t.b, r.name, t.year
ORDER BY economy, place, origin, origin_region, year;
