WITH places AS (
    -- A code of Comtrade's is one place, whatever the day (checked over ref.place_code).
    SELECT code, any_value(place) AS place FROM ref.place_code WHERE scheme = 'comtrade' GROUP BY code HAVING count(DISTINCT place) = 1
),
units AS (
    FROM (VALUES {% for row in units %}({{ row.code }}, {{ row.unit | sql }}){{ ", " if not loop.last }}{% endfor %}) AS u (qty_unit_code, quantity_unit)
),
flows AS (
    FROM (VALUES {% for row in flows %}({{ row.code | sql }}, {{ row.flow | sql }}){{ ", " if not loop.last }}{% endfor %}) AS f (flow_code, flow)
),
classifications AS (
    FROM (VALUES {% for row in classifications %}({{ row.code | sql }}, {{ row.classification | sql }}){{ ", " if not loop.last }}{% endfor %}) AS c (classification_code, classification)
),
read AS (
    SELECT
        a.*,
        CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE c.classification END AS classification,
        -- 0 is written for a valuation that does not apply, and for a quantity or weight nobody knows.
        CASE WHEN a.cif_value = 0 AND a.primary_value > 0 THEN NULL ELSE a.cif_value END AS cif,
        CASE WHEN a.fob_value = 0 AND a.primary_value > 0 THEN NULL ELSE a.fob_value END AS fob,
        CASE WHEN a.qty_unit_code = -1 OR (a.qty = 0 AND a.primary_value > 0) THEN NULL ELSE a.qty END AS known_qty,
        CASE WHEN a.net_wgt = 0 AND a.primary_value > 0 THEN NULL ELSE a.net_wgt END AS known_weight
    FROM accepted AS a
    LEFT JOIN classifications AS c USING (classification_code)
)
SELECT
    a.row_number,
    concat_ws('.', 'uncomtrade', lower(a.freq_code), CASE
        WHEN NOT a.is_original_classification THEN lower(a.classification_code)
        WHEN starts_with(a.classification_code, 'H') THEN 'hs'
        WHEN starts_with(a.classification_code, 'S') THEN 'sitc'
        ELSE 'bec'
    END) AS dataset,
    i.place AS reporter, j.place AS partner, f.flow,
    -- The value is the CIF or the FOB one: the row itself says which. Where both are the same, the one usual for the flow.
    CASE
        WHEN a.primary_value IS NOT DISTINCT FROM a.cif AND a.primary_value IS NOT DISTINCT FROM a.fob
            THEN CASE WHEN f.flow LIKE '%import%' THEN 'CIF' ELSE 'FOB' END
        WHEN a.primary_value = a.cif THEN 'CIF'
        WHEN a.primary_value = a.fob THEN 'FOB'
        ELSE 'unknown'
    END AS valuation,
    a.classification, p.product, a.freq_code AS freq,
    CASE WHEN a.freq_code = 'M' THEN a.period_code[1:4] || '-' || a.period_code[5:6] ELSE a.period_code END AS period,
    a.primary_value AS value, 'USD' AS currency,
    a.known_qty AS quantity,
    CASE WHEN a.known_qty IS NOT NULL THEN coalesce(u.quantity_unit, 'Comtrade unit ' || a.qty_unit_code) END AS quantity_unit,
    a.known_weight AS net_weight_kg,
    'A' AS obs_status,
    'United Nations Statistics Division (UNSD)' AS publisher,
    'UN Comtrade, goods trade, ' || CASE a.freq_code WHEN 'M' THEN 'monthly' ELSE 'annual' END
    || CASE WHEN a.is_original_classification THEN ', classification as reported' ELSE ', converted to ' || c.classification END AS title,
    'https://comtradeplus.un.org/' AS address,
    CAST({{ published_on | sql }} AS DATE) AS published_on, {{ ('day' if published_on else 'unknown') | sql }} AS published_precision,
    CAST({{ seen_via | sql }} AS VARCHAR) AS seen_via,
    nullif(concat_ws('; ',
        CASE WHEN a.known_qty IS NOT NULL AND a.is_qty_estimated THEN 'quantity estimated by UNSD' END,
        CASE WHEN a.known_weight IS NOT NULL AND a.is_net_wgt_estimated THEN 'net weight estimated by UNSD' END,
        CASE WHEN a.is_unsd_aggregate THEN 'added up by UNSD' WHEN NOT a.is_reported THEN 'neither reported nor added up by UNSD' END,
        CASE WHEN a.breakdown_rows > 0 THEN a.breakdown_rows || ' rows of the file that break this figure down are left out' END
    ), '') AS note
FROM read AS a
LEFT JOIN places AS i ON i.code = a.reporter_code
LEFT JOIN places AS j ON j.code = a.partner1_code
LEFT JOIN flows AS f USING (flow_code)
LEFT JOIN units AS u USING (qty_unit_code)
LEFT JOIN classifications AS c USING (classification_code)
LEFT JOIN ref.product AS p ON p.classification = a.classification AND p.product = a.cmd_code
