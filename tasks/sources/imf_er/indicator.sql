-- Exchange rates in the currency the place has on the last day of the period: a member of the euro area its former one
-- until the day it joined.
WITH a AS (
    SELECT
        *, core.period_end(imf_frequency, replace(imf_period, '-M', '-')) AS ended, nullif(imf_value, 'NaN') AS printed
    FROM accepted
),
b AS (
    SELECT
        a.*, i.place,
        CASE a.imf_indicator WHEN 'XDC_USD' THEN c.currency || ' per USD' WHEN 'USD_XDC' THEN 'USD per ' || c.currency END AS quoted
    FROM a
    LEFT JOIN ref.place_code AS i
      ON i.scheme = 'imf' AND i.code = a.imf_country
     AND coalesce(i.valid_from <= a.ended, true) AND coalesce(i.valid_to > a.ended, true)
    LEFT JOIN ref.place_currency AS c
      ON c.place = i.place AND coalesce(c.valid_from <= a.ended, true) AND coalesce(c.valid_to > a.ended, true)
)
SELECT
    b.row_number, 'imf.er' AS dataset, b.place,
    CASE b.imf_indicator WHEN 'XDC_USD' THEN 'exchange_rate' WHEN 'USD_XDC' THEN 'usd_per_currency' END
        || CASE b.imf_transformation WHEN 'PA_RT' THEN '_avg' WHEN 'EOP_RT' THEN '_eop' END AS indicator,
    b.imf_frequency AS freq, replace(b.imf_period, '-M', '-') AS period,
    core.scaled(b.printed, u.multiplier, u.quotation) AS value, u.base_unit AS unit,
    b.printed AS printed_value, u.printed_unit,
    CASE
        WHEN b.printed IS NULL AND coalesce(b.imf_status, '') NOT IN ('H', 'L', 'M', 'Q', 'C') THEN 'O'
        WHEN b.imf_status = 'C' THEN 'Q'
        ELSE coalesce(b.imf_status, 'A')
    END AS obs_status,
    'International Monetary Fund (IMF)' AS publisher, 'Exchange Rates (ER)' AS title,
    'https://data.imf.org/en/datasets/IMF.STA:ER' AS address,
    TRY_CAST(b.imf_updated[1:10] AS DATE) AS published_on,
    CASE WHEN TRY_CAST(b.imf_updated[1:10] AS DATE) IS NULL THEN 'unknown' ELSE 'day' END AS published_precision
FROM b
LEFT JOIN ref.unit AS u ON u.printed_unit = b.quoted
