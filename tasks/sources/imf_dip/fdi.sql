-- Direct investment positions. Net positions of all entities are the headline; gross sides, fellow enterprises and the
-- split by kind of enterprise are parts of it, and other concepts. The IMF prints converted values with the digits of a
-- binary number: they are kept as printed, and the value is rounded to a millionth of a dollar.
WITH a AS (
    SELECT
        *, core.period_end(imf_frequency, replace(imf_period, '-M', '-')) AS ended,
        nullif(imf_value, 'NaN') AS printed,
        regexp_extract(imf_indicator, '_D_([A-Z]+)_', 1)[1:3] AS side,
        split_part(imf_indicator, '_', 4) AS asset, split_part(imf_indicator, '_', 5) AS entity
    FROM accepted
)
SELECT
    a.row_number, {{ dataset | sql }} AS dataset,
    'direct_investment_position'
        || CASE a.entity WHEN 'FE' THEN '_fellows' WHEN 'RFI' THEN '_financial' WHEN 'REXFI' THEN '_nonfinancial' ELSE '' END
        || CASE a.side WHEN 'AG' THEN '_assets' WHEN 'LG' THEN '_liabilities' ELSE '' END AS concept,
    'position' AS accounting,
    CASE WHEN starts_with(a.imf_indicator, 'INWD') THEN 'inward' ELSE 'outward' END AS direction,
    'directional' AS principle,
    CASE a.asset WHEN 'FALL' THEN 'total' WHEN 'F51' THEN 'equity' WHEN 'FL' THEN 'debt' END AS instrument,
    CASE a.imf_dv_type WHEN 'O' THEN 'reported' WHEN 'SCC' THEN 'derived_from_counterpart' END AS derivation,
    'all' AS sector_scope,
    i.place AS reporter, j.place AS counterpart, 'TOTAL' AS industry,
    a.imf_frequency AS freq, replace(a.imf_period, '-M', '-') AS period,
    TRY_CAST(core.scaled(a.printed, u.multiplier, u.quotation) AS DECIMAL(38, 6)) AS value, u.currency,
    a.printed AS printed_value, a.imf_unit AS printed_unit,
    CASE
        WHEN a.printed IS NULL AND coalesce(a.imf_status, '') NOT IN ('H', 'L', 'M', 'Q', 'C') THEN 'O'
        WHEN a.imf_status = 'C' THEN 'Q'
        ELSE coalesce(a.imf_status, 'A')
    END AS obs_status,
    'International Monetary Fund (IMF)' AS publisher,
    CASE {{ dataset | sql }} WHEN 'imf.cdis' THEN 'Coordinated Direct Investment Survey (CDIS)' ELSE 'Direct Investment Positions by Counterpart Economy (formerly CDIS)' END AS title,
    'https://data.imf.org/en/datasets/IMF.STA:DIP' AS address,
    TRY_CAST(a.imf_updated[1:10] AS DATE) AS published_on,
    CASE WHEN TRY_CAST(a.imf_updated[1:10] AS DATE) IS NULL THEN 'unknown' ELSE 'day' END AS published_precision
FROM a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.imf_unit
LEFT JOIN ref.place_code AS i
  ON i.scheme = {{ scheme | sql }} AND i.code = a.imf_country
 AND coalesce(i.valid_from <= a.ended, true) AND coalesce(i.valid_to > a.ended, true)
LEFT JOIN ref.place_code AS j
  ON j.scheme = {{ scheme | sql }} AND j.code = a.imf_counterpart
 AND coalesce(j.valid_from <= a.ended, true) AND coalesce(j.valid_to > a.ended, true)
