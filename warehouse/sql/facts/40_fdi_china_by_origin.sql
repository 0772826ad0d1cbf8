{% import "shared/facts.sql" as f %}
-- Foreign investment actually used in China by origin, one figure an origin and year. The world is not an origin. A group (the
-- EU) is an origin only in years in which none of its members has a figure of its own, so that the rows of a year add up to the
-- published total.
{{ stored("mart.fdi_china_by_origin") }} AS
WITH figure AS (FROM core.fdi_year WHERE reporter = 'CHN' AND measure = 'mofcom_utilised'),
single AS (FROM figure WHERE counterpart_kind IN ('economy', 'unspecified')),
membership AS (
    SELECT f.counterpart, f.year, list(DISTINCT g.member ORDER BY g.member) AS members
    FROM figure AS f
    JOIN ref.place_group AS g ON g.place_group = f.counterpart
     AND coalesce(g.valid_from, DATE '0001-01-01') <= make_date(f.year, 12, 31) AND coalesce(g.valid_to, DATE '9999-12-31') > make_date(f.year, 12, 31)
    WHERE f.counterpart_kind = 'group' GROUP BY ALL
),
-- Of two groups that share members, the smaller.
group_origin AS (
    SELECT f.* FROM figure AS f JOIN membership AS m USING (counterpart, year)
    WHERE NOT EXISTS (FROM single AS s WHERE s.year = m.year AND list_contains(m.members, s.counterpart))
      AND NOT EXISTS (FROM membership AS o WHERE o.year = m.year AND o.counterpart <> m.counterpart AND list_has_any(o.members, m.members)
          AND (len(o.members), o.counterpart) < (len(m.members), m.counterpart))
),
cell AS (
    SELECT year, reporter AS a, counterpart AS b, measure, value, origin FROM single
    UNION ALL SELECT year, reporter, counterpart, measure, value, origin FROM group_origin
    UNION ALL SELECT year, reporter, '_T', measure, value, origin FROM figure WHERE counterpart = 'WLD'
)
SELECT t.b AS origin, {{ f.name_on_axis("t.b", "j.name") }} AS origin_name,
    coalesce(core.place_kind(j.kind, t.b), 'unspecified') AS kind_of_origin, t.year, CAST(t.value AS DECIMAL(20, 2)) AS value_usd,
    t.origin.valuation AS sector_scope, t.origin.source, t.origin.dataset, t.origin.publisher, t.origin.published_on,
    t.origin.published_precision, t.origin.artifact, t.origin.status, t.origin.method, t.origin.total_method,
    t.origin.other_figures, t.origin.spread, t.residual IS NOT NULL AS is_residual,
    coalesce(t.residual < 0 AND t.origin.method LIKE '%rest of a total', false) AS residual_is_negative
FROM {{ f.with_residuals("cell", ["year"], whole="a") }} AS t
LEFT JOIN ref.place AS j ON j.place = t.b
ORDER BY year, origin;
