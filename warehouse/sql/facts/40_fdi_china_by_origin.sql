{% import "shared/facts.sql" as f %}
-- Foreign investment actually used in China by origin, one figure an origin and year. The world is not an origin. The European Union
-- is one in every year in which its total is printed, so that its series has no holes where a member is printed too; its members'
-- own figures are then in fdi alone. Any other group is an origin only in years in which none of its members has a figure. So the
-- rows of a year add up to the published total.
{{ stored("mart.fdi_china_by_origin") }} AS
WITH figure AS (FROM core.fdi_year WHERE reporter = 'CHN' AND measure = 'mofcom_utilised'),
single AS (FROM figure WHERE counterpart_kind IN ('economy', 'unspecified')),
membership AS (
    SELECT f.counterpart, f.year, list(DISTINCT g.member ORDER BY g.member) AS members
    FROM (SELECT counterpart, year FROM figure WHERE counterpart_kind = 'group'
          UNION SELECT 'EU_AT_THE_TIME', year FROM figure) AS f
    JOIN ref.place_group AS g ON g.place_group = f.counterpart
     AND coalesce(g.valid_from, DATE '0001-01-01') <= make_date(f.year, 12, 31) AND coalesce(g.valid_to, DATE '9999-12-31') > make_date(f.year, 12, 31)
    GROUP BY ALL
),
printed_group AS (FROM membership SEMI JOIN figure USING (counterpart, year)),
-- The Union as composed at the time, under whichever of its codes a publisher prints it.
european_union AS (
    SELECT f.*, m.members
    FROM figure AS f JOIN membership AS m USING (counterpart, year)
    JOIN membership AS e ON e.counterpart = 'EU_AT_THE_TIME' AND e.year = f.year AND e.members = m.members
    QUALIFY row_number() OVER (PARTITION BY f.year ORDER BY f.counterpart <> 'EU_AT_THE_TIME', f.counterpart) = 1
),
other_single AS (
    FROM single AS s WHERE NOT EXISTS (FROM european_union AS e WHERE e.year = s.year AND list_contains(e.members, s.counterpart))
),
-- Of two groups that share members, the smaller.
other_group AS (
    SELECT f.* FROM figure AS f JOIN membership AS m USING (counterpart, year)
    WHERE NOT EXISTS (FROM single AS s WHERE s.year = m.year AND list_contains(m.members, s.counterpart))
      AND NOT EXISTS (FROM european_union AS e WHERE e.year = m.year AND list_has_any(e.members, m.members))
      AND NOT EXISTS (FROM printed_group AS o
          WHERE o.year = m.year AND o.counterpart <> m.counterpart AND list_has_any(o.members, m.members)
            AND (len(o.members), o.counterpart) < (len(m.members), m.counterpart))
),
within AS (
    SELECT e.year, e.counterpart, string_agg(s.counterpart, ';' ORDER BY s.counterpart) AS members_within
    FROM european_union AS e JOIN single AS s ON s.year = e.year AND list_contains(e.members, s.counterpart) GROUP BY ALL
),
cell AS (
    SELECT year, reporter AS a, counterpart AS b, measure, value, origin FROM other_single
    UNION ALL SELECT year, reporter, counterpart, measure, value, origin FROM european_union
    UNION ALL SELECT year, reporter, counterpart, measure, value, origin FROM other_group
    UNION ALL SELECT year, reporter, '_T', measure, value, origin FROM figure WHERE counterpart = 'WLD'
)
SELECT t.b AS origin, {{ f.name_on_axis("t.b", "j.name") }} AS origin_name,
    coalesce(core.place_kind(j.kind, t.b), 'unspecified') AS kind_of_origin, w.members_within, t.year, CAST(t.value AS DECIMAL(20, 2)) AS value_usd,
    t.origin.valuation AS sector_scope, t.origin.source, t.origin.dataset, t.origin.publisher, t.origin.published_on,
    t.origin.published_precision, t.origin.artifact, t.origin.status, t.origin.method, t.origin.total_method,
    t.origin.other_figures, t.origin.spread,
    t.seam AS seams, t.residual IS NOT NULL AS is_residual,
    coalesce(t.residual < 0 AND t.origin.method LIKE '%rest of a total', false) AS residual_is_negative
FROM {{ f.with_seams(f.with_residuals("cell", ["year"], whole="a")) }} AS t
LEFT JOIN ref.place AS j ON j.place = t.b
LEFT JOIN within AS w ON w.counterpart = t.b AND w.year = t.year
ORDER BY year, origin;
