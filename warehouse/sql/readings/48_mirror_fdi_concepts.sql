-- The same investment as the investor's and the host's statistics have it, by concept. Concepts of one kind may be compared; that of China's
-- Ministry of Commerce stands beside the investor's balance of payments, which is another thing, and the row says so. Nothing is averaged.
{% set compared = (
    ("bop_outward", "bop_inward", true), ("bop_assets", "bop_liabilities", true), ("unctad_outflow", "unctad_inflow", true),
    ("unctad_outstock", "unctad_instock", true), ("position_outward", "position_inward", true),
    ("bop_outward", "mofcom_utilised", false), ("bop_assets", "mofcom_utilised", false), ("unctad_outflow", "mofcom_utilised", false),
) %}
{{ stored("mart.mirror_fdi_concepts") }} AS
WITH side AS (FROM mart.fdi WHERE reporter <> '_X' AND counterpart <> '_X' AND reporter <> counterpart),
paired AS (
{% for outward, inward, is_same in compared %}
    SELECT coalesce(o.reporter, i.counterpart) AS investor, coalesce(o.reporter_name, i.counterpart_name) AS investor_name,
        coalesce(o.counterpart, i.reporter) AS host, coalesce(o.counterpart_name, i.reporter_name) AS host_name, coalesce(o.year, i.year) AS year,
        {{ outward | sql }} AS outward_concept, {{ inward | sql }} AS inward_concept, {{ "true" if is_same else "false" }} AS is_same_concept,
        o.{{ outward }}_usd AS outward_usd, i.{{ inward }}_usd AS inward_usd, o.{{ outward }}_from AS outward_from, i.{{ inward }}_from AS inward_from
    FROM (FROM side WHERE {{ outward }}_usd IS NOT NULL) AS o
    {{ "FULL" if is_same else "INNER" }} JOIN (FROM side WHERE {{ inward }}_usd IS NOT NULL) AS i
      ON i.reporter = o.counterpart AND i.counterpart = o.reporter AND i.year = o.year
    {{ "UNION ALL" if not loop.last }}
{% endfor %}
)
SELECT investor, investor_name, host, host_name, year, outward_concept, inward_concept, is_same_concept, outward_usd, inward_usd,
    CASE WHEN inward_usd IS NULL THEN 'investor_only' WHEN outward_usd IS NULL THEN 'host_only' ELSE 'both' END AS mirror_status,
    CAST(inward_usd - outward_usd AS DECIMAL(20, 2)) AS gap_usd,
    CAST(CASE WHEN abs(inward_usd) + abs(outward_usd) > 0 THEN 2 * (inward_usd - outward_usd) / (abs(inward_usd) + abs(outward_usd)) END AS DECIMAL(38, 6)) AS relative_gap,
    sign(outward_usd) * sign(inward_usd) < 0 AS signs_differ, outward_from, inward_from
FROM paired
ORDER BY investor, host, year, outward_concept, inward_concept;
