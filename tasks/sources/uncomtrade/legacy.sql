WITH places AS (
    SELECT code, any_value(place) AS place FROM ref.place_code WHERE scheme = 'comtrade' GROUP BY code HAVING count(DISTINCT place) = 1
),
units AS (
    FROM (VALUES {% for row in units %}({{ row.code }}, {{ row.unit | sql }}){{ ", " if not loop.last }}{% endfor %}) AS u (qt_code, quantity_unit)
),
classifications AS (
    FROM (VALUES {% for row in classifications %}({{ row.code | sql }}, {{ row.classification | sql }}){{ ", " if not loop.last }}{% endfor %}) AS c (pf_code, classification)
),
read AS (
    SELECT
        a.*,
        CASE WHEN a.cmd_code = 'TOTAL' THEN 'TOTAL' ELSE c.classification END AS classification,
        {{ whole_code }} AS product_code,
        CASE WHEN a.qt_code = 1 OR (a.trade_quantity = 0 AND a.trade_value > 0) THEN NULL ELSE a.trade_quantity END AS known_qty,
        CASE WHEN a.net_weight = 0 AND a.trade_value > 0 THEN NULL ELSE a.net_weight END AS known_weight
    FROM accepted AS a
    LEFT JOIN classifications AS c USING (pf_code)
)
SELECT
    a.row_number,
    concat_ws('.', 'uncomtrade.legacy', CASE WHEN length(a.period_code) = 6 THEN 'm' ELSE 'a' END,
        CASE left(a.pf_code, 1) WHEN 'H' THEN 'hs' WHEN 'S' THEN 'sitc' ELSE 'bec' END) AS dataset,
    i.place AS reporter, j.place AS partner,
    CASE a.rg_code WHEN '1' THEN 'import' WHEN '2' THEN 'export' WHEN '3' THEN 're_export' WHEN '4' THEN 're_import' END AS flow,
    -- The legacy API names a valuation only where it gives its value apart.
    CASE WHEN a.trade_value = nullif(a.cif_value, 0) THEN 'CIF' WHEN a.trade_value = nullif(a.fob_value, 0) THEN 'FOB' ELSE 'unknown' END
        AS valuation,
    a.classification, p.product,
    CASE WHEN length(a.period_code) = 6 THEN 'M' ELSE 'A' END AS freq,
    CASE WHEN length(a.period_code) = 6 THEN a.period_code[1:4] || '-' || a.period_code[5:6] ELSE a.period_code END AS period,
    a.trade_value AS value, 'USD' AS currency,
    a.known_qty AS quantity,
    CASE WHEN a.known_qty IS NOT NULL THEN coalesce(u.quantity_unit, 'Comtrade unit ' || coalesce(a.qt_code::VARCHAR, 'not stated')) END
        AS quantity_unit,
    a.known_weight AS net_weight_kg,
    'A' AS obs_status,
    'United Nations Statistics Division (UNSD)' AS publisher, 'UN Comtrade, goods trade, as the API of before 2023 gave it' AS title,
    'https://comtrade.un.org/' AS address,
    CAST({{ published_on | sql }} AS DATE) AS published_on, {{ ('day' if published_on else 'unknown') | sql }} AS published_precision,
    nullif(concat_ws('; ',
        CASE WHEN a.known_qty IS NOT NULL AND a.est_code IN (2, 6) THEN 'quantity estimated by UNSD' END,
        CASE WHEN a.known_weight IS NOT NULL AND a.est_code IN (4, 6) THEN 'net weight estimated by UNSD' END,
        CASE WHEN a.breakdown_rows > 0 THEN a.breakdown_rows || ' rows of the file that break this figure down are left out' END
    ), '') AS note
FROM read AS a
LEFT JOIN places AS i ON i.code = a.rt_code
LEFT JOIN places AS j ON j.code = a.pt_code
LEFT JOIN units AS u USING (qt_code)
LEFT JOIN ref.product AS p ON p.classification = a.classification AND p.product = a.product_code
