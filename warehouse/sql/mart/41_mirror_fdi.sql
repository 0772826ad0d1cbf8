-- What the investor's and the host's statistics each say of the same direct investment, side by side, never averaged.
-- Directional figures meet directional ones (outward, inward), asset/liability ones theirs (assets, liabilities).
CREATE OR REPLACE VIEW mart.mirror_fdi AS
WITH figure AS (
    SELECT *, CASE WHEN direction IN ('outward', 'assets') THEN 'investor' ELSE 'host' END AS side
    FROM mart.fdi
    WHERE counterpart NOT IN (SELECT place FROM ref.place WHERE is_aggregate) AND reporter NOT IN (SELECT place FROM ref.place WHERE is_aggregate)
      AND derivation = 'reported'
),
paired AS (
    SELECT
        coalesce(o.source, i.source) AS source, coalesce(o.dataset, i.dataset) AS dataset,
        coalesce(o.concept, i.concept) AS concept, coalesce(o.accounting, i.accounting) AS accounting,
        coalesce(o.principle, i.principle) AS principle, coalesce(o.instrument, i.instrument) AS instrument,
        coalesce(o.sector_scope, i.sector_scope) AS sector_scope, coalesce(o.industry, i.industry) AS industry,
        coalesce(o.reporter, i.counterpart) AS investor, coalesce(o.reporter_name, i.counterpart_name) AS investor_name,
        coalesce(o.counterpart, i.reporter) AS host, coalesce(o.counterpart_name, i.reporter_name) AS host_name,
        coalesce(o.freq, i.freq) AS freq, coalesce(o.period, i.period) AS period, coalesce(o.year, i.year) AS year,
        o.value_usd AS outward_usd, i.value_usd AS inward_usd,
        o.obs_status AS outward_status, i.obs_status AS inward_status,
        o.artifact AS outward_artifact, i.artifact AS inward_artifact
    FROM (FROM figure WHERE side = 'investor') AS o
    FULL JOIN (FROM figure WHERE side = 'host') AS i
      ON i.source = o.source AND i.dataset = o.dataset AND i.reporter = o.counterpart AND i.counterpart = o.reporter
     AND i.concept = o.concept AND i.accounting = o.accounting AND i.principle = o.principle AND i.instrument = o.instrument
     AND i.sector_scope = o.sector_scope AND i.industry = o.industry AND i.freq = o.freq AND i.period = o.period
)
SELECT
    * EXCLUDE (outward_artifact, inward_artifact),
    CASE WHEN inward_usd IS NULL THEN 'investor_only' WHEN outward_usd IS NULL THEN 'host_only' ELSE 'both' END AS mirror_status,
    inward_usd - outward_usd AS gap_usd,
    CAST(CASE WHEN abs(inward_usd) + abs(outward_usd) > 0
        THEN 2 * (inward_usd - outward_usd) / (abs(inward_usd) + abs(outward_usd)) END AS DECIMAL(38, 6)) AS relative_gap,
    outward_artifact, inward_artifact
FROM paired
WHERE outward_usd IS NOT NULL OR inward_usd IS NOT NULL;
