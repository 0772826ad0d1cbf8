-- What the investor's and the host's statistics each publish of the same position, never averaged. Where a side's own report is not
-- loaded, its figure is the one that the IMF derives from the counterpart's report, and says so.
{{ stored("mart.mirror_fdi") }} AS
WITH side AS (
    SELECT reporter, reporter_name, counterpart, counterpart_name, year, position_outward_usd, position_outward_from, position_inward_usd, position_inward_from,
        position_inward_by_counterpart_usd, position_inward_by_counterpart_from, position_outward_by_counterpart_usd, position_outward_by_counterpart_from
    FROM mart.fdi WHERE reporter <> '_X' AND counterpart <> '_X'
),
outward AS (
    SELECT reporter AS investor, reporter_name AS investor_name, counterpart AS host, counterpart_name AS host_name, year,
        position_outward_usd AS outward_usd, position_outward_from AS outward_from
    FROM side WHERE position_outward_usd IS NOT NULL
),
inward AS (
    SELECT counterpart AS investor, counterpart_name AS investor_name, reporter AS host, reporter_name AS host_name, year,
        position_inward_usd AS inward_usd, position_inward_from AS inward_from
    FROM side WHERE position_inward_usd IS NOT NULL
),
derived_outward AS (  -- the investor's report, as it appears among the host's counterparts
    SELECT counterpart AS investor, reporter AS host, year, position_inward_by_counterpart_usd AS outward_usd, position_inward_by_counterpart_from AS outward_from
    FROM side WHERE position_inward_by_counterpart_usd IS NOT NULL
),
derived_inward AS (
    SELECT reporter AS investor, counterpart AS host, year, position_outward_by_counterpart_usd AS inward_usd, position_outward_by_counterpart_from AS inward_from
    FROM side WHERE position_outward_by_counterpart_usd IS NOT NULL
),
paired AS (
    SELECT investor, coalesce(o.investor_name, i.investor_name) AS investor_name, host, coalesce(o.host_name, i.host_name) AS host_name, year,
        coalesce(o.outward_usd, d.outward_usd) AS outward_usd, coalesce(i.inward_usd, e.inward_usd) AS inward_usd,
        o.outward_usd IS NULL AND d.outward_usd IS NOT NULL AS outward_is_derived, i.inward_usd IS NULL AND e.inward_usd IS NOT NULL AS inward_is_derived,
        coalesce(o.outward_from, d.outward_from) AS outward_from, coalesce(i.inward_from, e.inward_from) AS inward_from
    FROM outward AS o FULL JOIN inward AS i USING (investor, host, year)
    LEFT JOIN derived_outward AS d USING (investor, host, year)
    LEFT JOIN derived_inward AS e USING (investor, host, year)
)
SELECT investor, investor_name, host, host_name, year, outward_usd, inward_usd, outward_is_derived, inward_is_derived,
    CASE WHEN inward_usd IS NULL THEN 'investor_only' WHEN outward_usd IS NULL THEN 'host_only' ELSE 'both' END AS mirror_status,
    CAST(inward_usd - outward_usd AS DECIMAL(20, 2)) AS gap_usd,
    CAST(CASE WHEN abs(inward_usd) + abs(outward_usd) > 0 THEN 2 * (inward_usd - outward_usd) / (abs(inward_usd) + abs(outward_usd)) END AS DECIMAL(38, 6)) AS relative_gap,
    outward_from, inward_from
FROM paired
ORDER BY investor, host, year;
