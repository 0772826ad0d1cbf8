-- What the gravity model is fitted to (tasks/publish/gravity.py), and the tables that hold what it gives. A release fills them where the model's library is
-- installed and trade reconciled by BACI is loaded; everywhere else they are empty.
-- All pairs of the economies of a year that have a distance. A pair that BACI does not list has no trade: BACI lists what either side reports.
-- Between two economies neither of which reports, trade is not known; who reports is not in BACI's files.
CREATE OR REPLACE VIEW core.gravity_pair AS
WITH tie AS (
    SELECT place, counterpart, max(value) FILTER (indicator = 'distance_weighted')::DOUBLE AS distance_km,
        coalesce(max(value) FILTER (indicator = 'contiguous'), 0)::DOUBLE AS contiguous,
        coalesce(max(value) FILTER (indicator = 'common_official_language'), 0)::DOUBLE AS common_language,
        coalesce(max(value) FILTER (indicator = 'colonial_tie_ever'), 0)::DOUBLE AS colonial_tie
    FROM core.pair
    WHERE indicator IN ('distance_weighted', 'contiguous', 'common_official_language', 'colonial_tie_ever') AND superseded_by IS NULL AND place <> counterpart
    GROUP BY ALL HAVING distance_km > 0
),
economy AS (SELECT DISTINCT year, exporter, importer FROM core.reconciled_pair WHERE exporter <> importer),
-- With no trade at all an economy's effect would be minus infinity.
pair AS (
    SELECT e.year, e.exporter, i.importer, coalesce(p.value, 0) AS amount, t.* EXCLUDE (place, counterpart)
    FROM (SELECT DISTINCT year, exporter FROM economy) AS e
    JOIN (SELECT DISTINCT year, importer FROM economy) AS i USING (year)
    JOIN tie AS t ON t.place = e.exporter AND t.counterpart = i.importer
    LEFT JOIN core.reconciled_pair AS p ON p.year = e.year AND p.exporter = e.exporter AND p.importer = i.importer
)
FROM pair QUALIFY sum(amount) OVER (PARTITION BY year, exporter) > 0 AND sum(amount) OVER (PARTITION BY year, importer) > 0;

{{ stored("mart.gravity_model") }} AS
SELECT NULL::INTEGER AS year, NULL::BIGINT AS pairs, NULL::BIGINT AS exporters, NULL::BIGINT AS importers,
    {% for name in ("distance", "contiguous", "common_language", "colonial_tie") %}NULL::DOUBLE AS {{ name }}_effect, NULL::DOUBLE AS {{ name }}_error, {% endfor %}
    NULL::TEXT AS fitted_with, NULL::TEXT AS why_not
WHERE false;

{{ stored("mart.gravity_gap") }} AS
SELECT NULL::TEXT AS exporter, NULL::TEXT AS exporter_name, NULL::TEXT AS importer, NULL::TEXT AS importer_name, NULL::INTEGER AS year,
    NULL::DECIMAL(20, 3) AS trade_usd, NULL::DECIMAL(20, 3) AS expected_usd, NULL::DOUBLE AS trade_over_expected, NULL::DECIMAL(20, 3) AS expected_gap_usd,
    NULL::DECIMAL(18, 3) AS weighted_distance_km
WHERE false;
