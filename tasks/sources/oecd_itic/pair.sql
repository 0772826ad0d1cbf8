SELECT
    a.row_number, 'oecd.itic' AS dataset, i.place AS place, j.place AS counterpart, 'cif_fob_margin' AS indicator,
    a.oecd_freq AS freq, a.oecd_time_period AS period,
    CASE WHEN a.oecd_value <> 'NaN' THEN core.scaled(a.oecd_value, u.multiplier, u.quotation) END AS value,
    u.base_unit AS unit, a.oecd_value AS printed_value, u.printed_unit,
    CASE
        WHEN a.oecd_value <> 'NaN' THEN coalesce(a.oecd_obs_status, 'A')
        WHEN a.oecd_obs_status IN ('H', 'L', 'M', 'O', 'Q') THEN a.oecd_obs_status
        ELSE 'O'
    END AS obs_status,
    'Organisation for Economic Co-operation and Development (OECD)' AS publisher, 'International transport and insurance costs of merchandise trade (ITIC), ' || a.oecd_dataflow AS title,
    'https://www.oecd.org/en/data/datasets/international-transport-and-insurance-costs-of-merchandise-trade.html' AS address,
    'unknown' AS published_precision
FROM accepted AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = 'percent'
LEFT JOIN ref.place_code AS i ON i.scheme = 'oecd' AND i.code = a.oecd_ref_area
LEFT JOIN ref.place_code AS j ON j.scheme = 'oecd' AND j.code = a.oecd_counterpart_area
