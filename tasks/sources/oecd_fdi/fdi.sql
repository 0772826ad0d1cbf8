-- Figures that differ in more than the warehouse's key are different publication lines: without special purpose entities,
-- by ultimate counterpart, one side of a direction alone. The usual one (all units, immediate counterpart, net) has no suffix.
WITH printed AS (
    SELECT *,
        coalesce(oecd_currency, 'USD') || CASE oecd_unit_mult WHEN 3 THEN ' thousand' WHEN 6 THEN ' million' WHEN 9 THEN ' billion' ELSE '' END
            AS printed_unit,
        oecd_value IS NULL OR oecd_value = 'NaN' AS is_missing,
        CASE WHEN oecd_type_entity <> 'ALL' THEN '.' || lower(oecd_type_entity) ELSE '' END
            || CASE WHEN oecd_level_counterpart <> 'IMC' THEN '.counterpart_' || lower(oecd_level_counterpart) ELSE '' END
            || CASE WHEN oecd_measure_principle <> 'A' AND oecd_accounting_entry <> 'NET_FDI' THEN '.entry_' || lower(oecd_accounting_entry) ELSE '' END
            || CASE WHEN oecd_fdi_comp <> 'D' THEN '.component_' || lower(oecd_fdi_comp) ELSE '' END
            || CASE WHEN oecd_sector <> 'S1' THEN '.sector_' || lower(oecd_sector) ELSE '' END
            || CASE WHEN oecd_collection <> 'CTRY_IND' THEN '.' || lower(oecd_collection) ELSE '' END AS line
    FROM accepted
)
SELECT
    a.row_number, 'oecd.fdi' || regexp_replace(a.line, '[^a-z0-9_.]', '_', 'g') AS dataset,
    CASE WHEN starts_with(a.oecd_measure, 'LE_') THEN 'direct_investment_position' ELSE 'bop' END AS concept,
    CASE WHEN starts_with(a.oecd_measure, 'LE_') THEN 'position' WHEN starts_with(a.oecd_measure, 'T_D4') THEN 'income' ELSE 'flow' END
        AS accounting,
    CASE a.oecd_measure_principle
        WHEN 'DI' THEN 'inward' WHEN 'DO' THEN 'outward' ELSE CASE a.oecd_accounting_entry WHEN 'A' THEN 'assets' ELSE 'liabilities' END
    END AS direction,
    CASE a.oecd_measure_principle WHEN 'A' THEN 'asset_liability' ELSE 'directional' END AS principle,
    CASE
        WHEN a.oecd_measure IN ('T_FA_F5B', 'T_D43S_F5') THEN 'reinvested_earnings'
        WHEN ends_with(a.oecd_measure, '_FL') THEN 'debt'
        WHEN a.oecd_measure IN ('T_FA_F5A', 'LE_FA_F5', 'T_D42S_F5') THEN 'equity'
        ELSE 'total'
    END AS instrument,
    'reported' AS derivation, 'all' AS sector_scope,
    i.place AS reporter, j.place AS counterpart,
    CASE a.oecd_activity WHEN '_T' THEN 'TOTAL' ELSE a.oecd_activity END AS industry,
    a.oecd_freq AS freq, a.oecd_time_period AS period,
    -- The service prints a binary number's digits; a millionth of a currency unit is where money ends.
    CASE WHEN NOT a.is_missing THEN TRY_CAST(core.scaled(a.oecd_value, u.multiplier, u.quotation) AS DECIMAL(38, 6)) END AS value,
    u.currency, a.oecd_value AS printed_value, u.printed_unit,
    CASE
        WHEN NOT a.is_missing THEN coalesce(a.oecd_obs_status, 'A')
        WHEN a.oecd_obs_status IN ('H', 'L', 'M', 'O', 'Q') THEN a.oecd_obs_status
        WHEN a.oecd_conf_status <> 'F' THEN 'Q'
        ELSE 'O'
    END AS obs_status,
    'Organisation for Economic Co-operation and Development (OECD)' AS publisher, 'Foreign direct investment statistics (BMD4), ' || a.oecd_dataflow AS title,
    'https://www.oecd.org/en/data/datasets/foreign-direct-investment-statistics.html' AS address,
    'unknown' AS published_precision
FROM printed AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = a.printed_unit
LEFT JOIN ref.place_code AS i ON i.scheme = 'oecd' AND i.code = a.oecd_ref_area
LEFT JOIN ref.place_code AS j ON j.scheme = 'oecd' AND j.code = a.oecd_counterpart_area
