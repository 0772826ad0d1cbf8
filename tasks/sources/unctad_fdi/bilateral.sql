-- What a table shows of some reporters is declared in bilateral_bases.csv beside this file, the row of a partner before that of all ('*').
WITH basis(unctad_table, reporter, counterparts, first_year, last_year, concept, derivation, sector_scope, obs_status, note) AS (
    VALUES
{% for b in bases %}
        ({{ b.unctad_table | sql }}, {{ b.reporter | sql }}, {{ b.counterparts | sql }}, {{ b.first_year }}, {{ b.last_year }}, {{ b.concept | sql }},
            {{ b.derivation | sql }}, {{ b.sector_scope | sql }}, {{ b.obs_status | sql }}, {{ b.note | sql }}){{ "," if not loop.last }}
{% endfor %}
),
printed AS (
    SELECT *,
        unctad_million_usd IN ('..', '-', 'NA') AS is_open, coalesce(TRY_CAST(unctad_million_usd AS DECIMAL(38, 15)) = 0, false) AS is_zero
    FROM accepted
),
placed AS (
    SELECT a.*, r.place AS reporter, p.place AS counterpart
    FROM printed AS a
    LEFT JOIN ref.place_code AS r ON r.scheme = 'iso3166_1_alpha3' AND r.code = a.unctad_reporter
        AND (r.valid_to IS NULL OR r.valid_to > DATE '2010-01-01')
    LEFT JOIN ref.place_code AS p ON p.scheme = 'unctad_bilateral' AND p.code = a.unctad_partner
)
SELECT
    a.row_number,
    'unctad.bilateral.' || replace(a.unctad_table[5:], ' ', '_') AS dataset,
    coalesce(b.concept, 'unctad') AS concept,
    CASE a.unctad_table WHEN 'FDI inward stock' THEN 'position' ELSE 'flow' END AS accounting,
    CASE a.unctad_table WHEN 'FDI outflows' THEN 'outward' ELSE 'inward' END AS direction,
    'directional' AS principle, 'total' AS instrument, coalesce(b.derivation, 'reported') AS derivation,
    coalesce(b.sector_scope, 'unknown') AS sector_scope,
    a.reporter, a.counterpart, 'TOTAL' AS industry, 'A' AS freq, CAST(a.year AS VARCHAR) AS period,
    -- The copy gives a binary number's seventeen digits: a millionth of a dollar is where they end.
    CASE WHEN NOT (a.is_open OR a.is_zero) THEN TRY_CAST(core.scaled(a.unctad_million_usd, u.multiplier, u.quotation) AS DECIMAL(38, 6)) END AS value,
    u.currency, a.unctad_million_usd AS printed_value, u.printed_unit,
    CASE WHEN a.is_open OR a.is_zero THEN 'O' ELSE coalesce(b.obs_status, 'A') END AS obs_status,
    'UN Trade and Development (UNCTAD)' AS publisher,
    'Bilateral FDI Statistics 2014: ' || a.unctad_table || ' by reporting economy and partner' AS title,
    'https://github.com/BDalheimer/UNCTADBilateralFDIDataMerger/tree/f4fec9f1e37dd723b309f9547298093bfd333e1a' AS address,
    DATE '2014-12-31' AS published_on, 'year' AS published_precision, 'GitHub BDalheimer/UNCTADBilateralFDIDataMerger' AS seen_via,
    CASE WHEN a.is_zero THEN 'printed 0: these tables write 0 also for what is not available, so that a true nil cannot be told from a missing figure'
         WHEN NOT a.is_open THEN b.note END AS note
FROM placed AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = 'USD million'
LEFT JOIN basis AS b ON b.unctad_table = a.unctad_table AND b.reporter = a.reporter AND a.year BETWEEN b.first_year AND b.last_year
    AND (b.counterparts = '*' OR list_contains(string_split(b.counterparts, ' '), a.counterpart))
QUALIFY row_number() OVER (PARTITION BY a.row_number ORDER BY b.counterparts = '*') = 1
