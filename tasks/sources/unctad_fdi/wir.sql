-- Reports came out in June, but for 2023 (July); those before 2013 from July to October.
WITH dated AS (
    SELECT *,
        CASE WHEN wir_report < 2013 THEN make_date(wir_report, 12, 31) WHEN wir_report = 2023 THEN DATE '2023-07-31' ELSE make_date(wir_report, 6, 30) END
            AS published_on,
        CASE WHEN wir_report < 2013 THEN 'year' ELSE 'month' END AS published_precision,
        unctad_million_usd IN ('-', '–', '—', '−') AS is_nil,
        unctad_million_usd IN ('..', 'n.a.') OR (wir_zero_is_open AND TRY_CAST(unctad_million_usd AS DECIMAL(38, 15)) = 0) AS is_open
    FROM accepted
)
SELECT
    a.row_number,
    'unctad.wir.' || replace(a.wir_table[5:], ' ', '_') AS dataset,
    'unctad' AS concept,
    CASE WHEN ends_with(a.wir_table, 'stock') THEN 'position' ELSE 'flow' END AS accounting,
    CASE WHEN a.wir_table IN ('FDI inflows', 'FDI inward stock') THEN 'inward' ELSE 'outward' END AS direction,
    'directional' AS principle, 'total' AS instrument, 'reported' AS derivation, 'all' AS sector_scope,
    p.place AS reporter, 'WLD' AS counterpart, 'TOTAL' AS industry, 'A' AS freq, CAST(a.year AS VARCHAR) AS period,
    CASE
        WHEN a.is_open THEN NULL
        WHEN a.is_nil THEN CAST(0 AS DECIMAL(38, 6))
        -- Workbooks give a binary number's seventeen digits: a millionth of a dollar is where they end.
        ELSE TRY_CAST(core.scaled(a.unctad_million_usd, u.multiplier, u.quotation) AS DECIMAL(38, 6))
    END AS value,
    u.currency, a.unctad_million_usd AS printed_value, u.printed_unit,
    CASE WHEN a.is_open THEN 'O' WHEN a.is_nil THEN 'N' ELSE 'A' END AS obs_status,
    'UN Trade and Development (UNCTAD)' AS publisher,
    'World Investment Report ' || a.wir_report || ', annex table: ' || a.wir_table || ', by region and economy' AS title,
    'https://unctad.org/topic/investment/world-investment-report' AS address,
    a.published_on, a.published_precision,
    CASE WHEN a.wir_zero_is_open THEN 'copy of the annex table as CSV by UNCTAD''s infovis team' END AS seen_via,
    CASE WHEN a.wir_zero_is_open AND a.is_open
        THEN 'printed 0: this copy writes 0 also for what UNCTAD leaves open, so that a true nil cannot be told from a missing figure'
        ELSE a.unctad_footnote END AS note
FROM dated AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = 'USD million'
LEFT JOIN ref.place_code AS p ON p.scheme = 'unctad' AND p.code = a.wir_economy
    AND (p.valid_from IS NULL OR p.valid_from <= a.published_on) AND (p.valid_to IS NULL OR a.published_on < p.valid_to)
