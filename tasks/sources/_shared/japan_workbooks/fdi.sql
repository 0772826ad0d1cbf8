SELECT
    a.row_number, {{ dataset }} AS dataset,
    CASE a.accounting WHEN 'flow' THEN 'bop' ELSE 'direct_investment_position' END AS concept,
    a.accounting, a.direction, a.principle, 'total' AS instrument, 'reported' AS derivation, 'all' AS sector_scope,
    'JPN' AS reporter, c.place AS counterpart, a.industry, 'A' AS freq, a.investment_year::VARCHAR AS period,
    core.money(core.scaled(a.figure, u.multiplier, u.quotation)) AS value, u.currency,
    a.figure AS printed_value, a.printed_unit,
    CASE WHEN a.obs_status = 'A' AND a.is_break THEN 'B' ELSE a.obs_status END AS obs_status,
    {{ publisher | sql }} AS publisher, {{ title | sql }} AS title, {{ address | sql }} AS address,
    'unknown' AS published_precision,
    concat_ws('; ', upper(a.manual), a.printed_note) AS note
FROM accepted AS a
LEFT JOIN ref.unit AS u USING (printed_unit)
LEFT JOIN ref.place_code AS c ON c.scheme = 'jpn_label' AND c.code = a.label_code
