WITH printed AS (
    SELECT
        *, unctad_million_usd IS NULL OR unctad_million_usd IN ('..', 'n.a.') AS is_open,
        coalesce(unctad_million_usd IN ('-', '–', '—', '−'), false) AS is_nil
    FROM accepted
)
SELECT
    a.row_number, 'unctad.fdi' AS dataset, 'unctad' AS concept,
    CASE a.unctad_flow_label WHEN 'Stock' THEN 'position' ELSE 'flow' END AS accounting,
    lower(a.unctad_direction_label) AS direction,
    'directional' AS principle, 'total' AS instrument, 'reported' AS derivation, 'all' AS sector_scope,
    p.place AS reporter, 'WLD' AS counterpart, 'TOTAL' AS industry, 'A' AS freq, CAST(a.year AS VARCHAR) AS period,
    CASE
        WHEN a.is_open THEN NULL
        WHEN a.is_nil THEN CAST(0 AS DECIMAL(38, 6))
        ELSE TRY_CAST(core.scaled(a.unctad_million_usd, u.multiplier, u.quotation) AS DECIMAL(38, 6))
    END AS value,
    u.currency, a.unctad_million_usd AS printed_value, u.printed_unit,
    CASE
        WHEN a.is_open AND contains(lower(a.unctad_missing), 'not applicable') THEN 'M'
        WHEN a.is_open AND contains(lower(a.unctad_missing), 'confidential') THEN 'Q'
        WHEN a.is_open THEN 'O'
        WHEN a.is_nil THEN 'N'
        WHEN contains(lower(a.unctad_footnote), 'estimate') THEN 'E'
        ELSE 'A'
    END AS obs_status,
    'UN Trade and Development (UNCTAD)' AS publisher,
    'UNCTADstat: Foreign direct investment, inward and outward flows and stock, annual (US.FdiFlowsStock)' AS title,
    'https://unctadstat.unctad.org/datacentre/dataviewer/US.FdiFlowsStock' AS address,
    'unknown' AS published_precision,
    nullif(concat_ws('; ', a.unctad_footnote, a.unctad_missing), '') AS note
FROM printed AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = 'USD million'
LEFT JOIN ref.place_code AS p
  ON p.scheme = 'unctad' AND p.code = a.unctad_economy
 AND coalesce(year(p.valid_from) <= a.year, true) AND coalesce(a.year < year(p.valid_to), true)
