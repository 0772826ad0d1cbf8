-- IMTS and its predecessor: totals of goods trade. A value has at most thousandths of a dollar; what the IMF estimates it
-- prints with the digits of a binary number, and these are rounded there.
WITH a AS (
    SELECT
        *, replace(imf_period, '-M', '-') AS period,
        core.period_end(imf_frequency, replace(imf_period, '-M', '-')) AS ended,
        nullif(imf_value, 'NaN') AS printed
    FROM accepted
)
SELECT
    a.row_number, {{ dataset | sql }} AS dataset, i.place AS reporter, j.place AS partner,
    CASE WHEN contains(a.imf_indicator, 'XG_') THEN 'export' WHEN contains(a.imf_indicator, 'MG_') THEN 'import' END AS flow,
    CASE WHEN contains(a.imf_indicator, '_FOB_') THEN 'FOB' WHEN contains(a.imf_indicator, '_CIF_') THEN 'CIF' END AS valuation,
    'TOTAL' AS classification, 'TOTAL' AS product,
    a.imf_frequency AS freq, a.period,
    TRY_CAST(core.scaled(a.printed, u.multiplier, u.quotation) AS DECIMAL(18, 3)) AS value, u.currency,
    CASE
        WHEN a.printed IS NULL AND coalesce(a.imf_status, '') NOT IN ('H', 'L', 'M', 'Q', 'C') THEN 'O'
        WHEN a.imf_status = 'C' THEN 'Q'
        WHEN a.imf_status IS NULL AND a.imf_derivation IN ('SE', 'SP') THEN 'E'
        ELSE coalesce(a.imf_status, 'A')
    END AS obs_status,
    'International Monetary Fund (IMF)' AS publisher, {{ title | sql }} AS title, {{ address | sql }} AS address,
    TRY_CAST(a.imf_updated[1:10] AS DATE) AS published_on,
    CASE WHEN TRY_CAST(a.imf_updated[1:10] AS DATE) IS NULL THEN 'unknown' ELSE 'day' END AS published_precision,
    CASE a.imf_derivation
        WHEN 'O' THEN 'reported to the IMF' WHEN 'R' THEN 'raw data of the IMF'
        WHEN 'M' THEN 'derived by the IMF from reports and estimates (derivation M)'
        WHEN 'SE' THEN 'estimated by the IMF (derivation SE)' WHEN 'SP' THEN 'estimated by the IMF (derivation SP)'
        ELSE CASE WHEN a.imf_derivation LIKE 'status %' THEN a.imf_derivation || ', as printed' ELSE 'derivation ' || a.imf_derivation END
    END AS note
FROM a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.imf_unit
LEFT JOIN ref.place_code AS i
  ON i.scheme = {{ scheme | sql }} AND i.code = a.imf_country
 AND coalesce(i.valid_from <= a.ended, true) AND coalesce(i.valid_to > a.ended, true)
LEFT JOIN ref.place_code AS j
  ON j.scheme = {{ scheme | sql }} AND j.code = a.imf_counterpart
 AND coalesce(j.valid_from <= a.ended, true) AND coalesce(j.valid_to > a.ended, true)
