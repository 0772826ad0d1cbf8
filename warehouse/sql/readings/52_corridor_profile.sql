-- One row a pair and year, from the side of "place": trade and investment with the partner, what the partner publishes of the same, shares,
-- growth, intensity and intra-industry trade. Totals of the world are BACI's, whose exporters are all there.
{{ stored("core.reconciled_pair") }} AS
SELECT i.place AS exporter, j.place AS importer, t.year, t.value
FROM (  -- by keys: a hundred million rows bear no join of text
    SELECT b.reporter_key, b.partner_key, s.year, sum(b.value)::DOUBLE AS value
    FROM core.trade_bulk AS b JOIN core.reconciled_part AS s USING (part) GROUP BY ALL
) AS t
JOIN ref.place AS i ON i.place_key = t.reporter_key
JOIN ref.place AS j ON j.place_key = t.partner_key;

{% set origins = {"exports_usd": "t.exports_from", "imports_usd": "t.imports_from", "partner_imports_usd": "m.imports_from", "partner_exports_usd": "m.exports_from",
    "mofcom_utilised_usd": "f.mofcom_utilised_from", "bop_inward_usd": "f.bop_inward_from", "bop_outward_usd": "f.bop_outward_from",
    "bop_assets_usd": "f.bop_assets_from", "bop_liabilities_usd": "f.bop_liabilities_from", "unctad_inflow_usd": "f.unctad_inflow_from",
    "unctad_outflow_usd": "f.unctad_outflow_from", "position_inward_usd": "f.position_inward_from", "position_outward_usd": "f.position_outward_from",
    "partner_position_outward_usd": "k.position_outward_from", "partner_position_inward_usd": "k.position_inward_from"} %}
{# Whether two figures of years in a row are of different releases. A version keeps the edition that first stated it, so two editions of one dataset
   are one release where the newer one also covers the older year (compare is_seam of mart.indicator). #}
{% macro is_seam(now, before, column, reach) -%}
CASE WHEN {{ now }}.{{ column }}_usd IS NULL OR {{ before }}.{{ column }}_usd IS NULL THEN false
     WHEN {{ now }}.{{ column }}_from.dataset <> {{ before }}.{{ column }}_from.dataset THEN true
     WHEN {{ now }}.{{ column }}_from.published_on IS NOT DISTINCT FROM {{ before }}.{{ column }}_from.published_on THEN false
     ELSE NOT EXISTS (FROM {{ reach }} AS e WHERE e.dataset = {{ now }}.{{ column }}_from.dataset
        AND e.published_on = greatest({{ now }}.{{ column }}_from.published_on, {{ before }}.{{ column }}_from.published_on)
        AND p.year BETWEEN e.first_year + 1 AND e.last_year) END
{%- endmacro %}
{{ stored("mart.corridor_profile") }} AS
WITH reach_of_trade AS MATERIALIZED (
    SELECT e.dataset, e.published_on, min(s.period[1:4])::INTEGER AS first_year, max(s.period[1:4])::INTEGER AS last_year
    FROM (SELECT DISTINCT edition, slice FROM core.trade) AS t JOIN core.trade_slice AS s USING (slice) JOIN meta.editions AS e USING (edition)
    GROUP BY ALL
),
reach_of_fdi AS MATERIALIZED (
    SELECT e.dataset, e.published_on, min(t.period[1:4])::INTEGER AS first_year, max(t.period[1:4])::INTEGER AS last_year
    FROM core.fdi AS t JOIN meta.editions AS e USING (edition) GROUP BY ALL
),
trade AS (FROM mart.trade WHERE reporter NOT IN ('_X', partner) AND partner <> '_X'),
fdi AS (FROM mart.fdi WHERE reporter NOT IN ('_X', counterpart) AND counterpart <> '_X'),
total AS (  -- what all partners and the rest add up to, where a total was published
    SELECT s.reporter, s.year, CASE WHEN h.exports THEN s.exports END AS exports, CASE WHEN h.imports THEN s.imports END AS imports
    FROM (SELECT reporter, year, sum(exports_usd) AS exports, sum(imports_usd) AS imports FROM mart.trade GROUP BY reporter, year) AS s
    JOIN (
        SELECT a AS reporter, year, bool_or(measure = 'exports') AS exports, bool_or(measure = 'imports') AS imports
        FROM core.trade_cell WHERE a <> '_T' AND b = '_T' AND value IS NOT NULL GROUP BY ALL
    ) AS h USING (reporter, year)
),
pair_of AS (
    SELECT reporter AS place, partner, year FROM trade
    UNION SELECT partner, reporter, year FROM trade
    UNION SELECT reporter, counterpart, year FROM fdi
    UNION SELECT counterpart, reporter, year FROM fdi
),
intensity AS (
    SELECT r.exporter, r.importer, r.year, mart.trade_intensity_of_world(r.value, r.exports, r.partner_imports, r.world) AS of_world,
        mart.trade_intensity_without_own(r.value, r.exports, r.partner_imports, r.world, o.value) AS without_own
    FROM (
        SELECT *, sum(value) OVER (PARTITION BY exporter, year) AS exports, sum(value) OVER (PARTITION BY importer, year) AS partner_imports,
            sum(value) OVER (PARTITION BY year) AS world
        FROM core.reconciled_pair
    ) AS r
    LEFT JOIN (SELECT importer, year, sum(value) AS value FROM core.reconciled_pair GROUP BY ALL) AS o ON o.importer = r.exporter AND o.year = r.year
),
-- With the chapters of one direction alone, or a few of the other, there would seem to be no trade both ways.
intra_industry AS (
    SELECT c.* FROM (
        SELECT reporter, partner, year, mart.grubel_lloyd_trade_weighted(exports_usd, imports_usd) AS grubel_lloyd, sum(exports_usd) AS exports, sum(imports_usd) AS imports
        FROM mart.trade_chapters WHERE product <> '_X' AND partner <> '_X' GROUP BY reporter, partner, year, classification
    ) AS c JOIN trade AS t USING (reporter, partner, year)
    WHERE c.exports BETWEEN 0.9 * t.exports_usd AND 1.1 * t.exports_usd AND c.imports BETWEEN 0.9 * t.imports_usd AND 1.1 * t.imports_usd
),
distance AS (
    SELECT place, counterpart, max(value) AS km FROM mart.pair WHERE indicator = 'distance_weighted' GROUP BY ALL
)
SELECT p.place, i.name AS place_name, p.partner, j.name AS partner_name, p.year,
    t.exports_usd, t.imports_usd, CAST(t.exports_usd - t.imports_usd AS DECIMAL(20, 3)) AS trade_balance_usd,
    m.imports_usd AS partner_imports_usd, m.exports_usd AS partner_exports_usd,
    CAST(m.imports_usd - t.imports_usd AS DECIMAL(20, 3)) AS both_import_balance_usd,
    mart.share_of_total(t.exports_usd, s.exports) AS exports_share,
    mart.share_of_total(t.imports_usd, s.imports) AS imports_share,
    mart.percent_change(b.exports_usd, t.exports_usd) AS exports_percent_change,
    mart.percent_change(b.imports_usd, t.imports_usd) AS imports_percent_change,
    mart.growth_contribution(b.exports_usd, t.exports_usd, sb.exports) AS exports_growth_contribution,
    {{ is_seam('t', 'b', 'exports', 'reach_of_trade') }} AS exports_is_seam,
    {{ is_seam('t', 'b', 'imports', 'reach_of_trade') }} AS imports_is_seam,
    r.of_world AS trade_intensity_of_world, r.without_own AS trade_intensity_without_own,
    c.grubel_lloyd AS grubel_lloyd_of_chapters,
    f.mofcom_utilised_usd, f.bop_inward_usd, f.bop_outward_usd, f.bop_assets_usd, f.bop_liabilities_usd, f.unctad_inflow_usd, f.unctad_outflow_usd,
    f.position_inward_usd, f.position_outward_usd, k.position_outward_usd AS partner_position_outward_usd, k.position_inward_usd AS partner_position_inward_usd,
    mart.percent_change(fb.mofcom_utilised_usd, f.mofcom_utilised_usd) AS mofcom_utilised_percent_change,
    {{ is_seam('f', 'fb', 'mofcom_utilised', 'reach_of_fdi') }} AS mofcom_utilised_is_seam,
    d.km::DECIMAL(18, 3) AS distance_km,
    -- Text of JSON as in the profiles of provinces: fifteen structures, mostly empty, take longer than all else.
    '{' || ltrim(
    {% for column, origin in origins.items() %}
        CASE WHEN {{ origin }} IS NULL THEN '' ELSE ',"{{ column }}":' || to_json({'source': {{ origin }}.source, 'dataset': {{ origin }}.dataset,
            'published_on': {{ origin }}.published_on, 'published_precision': {{ origin }}.published_precision, 'artifact': {{ origin }}.artifact})::VARCHAR END
        {{ "||" if not loop.last }}
    {% endfor %}
    , ',') || '}' AS provenance
FROM pair_of AS p
JOIN ref.place AS i ON i.place = p.place
JOIN ref.place AS j ON j.place = p.partner
LEFT JOIN trade AS t ON t.reporter = p.place AND t.partner = p.partner AND t.year = p.year
LEFT JOIN trade AS b ON b.reporter = p.place AND b.partner = p.partner AND b.year = p.year - 1
LEFT JOIN trade AS m ON m.reporter = p.partner AND m.partner = p.place AND m.year = p.year
LEFT JOIN total AS s ON s.reporter = p.place AND s.year = p.year
LEFT JOIN total AS sb ON sb.reporter = p.place AND sb.year = p.year - 1
LEFT JOIN intensity AS r ON r.exporter = p.place AND r.importer = p.partner AND r.year = p.year
LEFT JOIN intra_industry AS c ON c.reporter = p.place AND c.partner = p.partner AND c.year = p.year
LEFT JOIN fdi AS f ON f.reporter = p.place AND f.counterpart = p.partner AND f.year = p.year
LEFT JOIN fdi AS fb ON fb.reporter = p.place AND fb.counterpart = p.partner AND fb.year = p.year - 1
LEFT JOIN fdi AS k ON k.reporter = p.partner AND k.counterpart = p.place AND k.year = p.year
LEFT JOIN distance AS d ON d.place = p.place AND d.counterpart = p.partner
ORDER BY place, partner, year;
