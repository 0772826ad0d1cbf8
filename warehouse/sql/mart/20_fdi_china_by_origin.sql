-- Whole years of foreign investment actually used in China, by origin, as the Ministry of Commerce counts it.
-- All figures stand; the preferred one of an origin and year is: read from the publisher itself before one
-- seen through others, then the one printed with more digits, then the latest published.
CREATE OR REPLACE VIEW mart.fdi_china_by_origin AS
SELECT
    f.counterpart AS origin, f.counterpart_name AS origin_name, f.year, f.value_usd, f.value, f.currency,
    f.printed_value, f.printed_unit, f.sector_scope, f.obs_status, f.source, f.dataset, f.publisher, f.seen_via,
    f.published_on, f.published_precision, f.title, f.address, f.note, f.known_from, f.artifact,
    row_number() OVER (
        PARTITION BY f.counterpart, f.year
        ORDER BY f.value_usd IS NULL, f.currency <> 'USD', f.seen_via IS NOT NULL,
            length(ltrim(replace(replace(f.printed_value, '.', ''), '-', ''), '0')) DESC,
            f.published_on DESC NULLS LAST, f.dataset
    ) = 1 AS preferred
FROM mart.fdi AS f
WHERE f.reporter = 'CHN' AND f.concept = 'mofcom_utilised' AND f.direction = 'inward' AND f.accounting = 'flow'
  AND f.instrument = 'total' AND f.industry = 'TOTAL' AND f.freq = 'A';
