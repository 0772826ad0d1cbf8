-- One side of a direction alone, special purpose entities, and ultimate counterparts are datasets of their own.
WITH flagged AS (
    SELECT *,
        estat_value IS NULL OR estat_value IN (':', 'NaN') AS is_missing,
        lower(coalesce(estat_flag, '')) AS flag,
        coalesce(estat_indic_bp, CASE estat_table WHEN 'bop_fdi6_pos' THEN 'STOCKS' WHEN 'bop_fdi6_flow' THEN 'FLOWS' WHEN 'bop_fdi6_inc' THEN 'INCOME' END)
            AS kind,
        CASE WHEN estat_entity <> 'TOTAL' THEN '.' || lower(estat_entity) ELSE '' END
            || CASE WHEN estat_counterp <> 'IMM' THEN '.counterpart_' || lower(estat_counterp) ELSE '' END
            || CASE WHEN estat_stk_flow IN ('LIAB', 'ASS', 'CRE', 'DEB') THEN '.' || lower(estat_stk_flow) ELSE '' END AS line,
        CASE
            WHEN estat_updated LIKE '__/__/__%' THEN TRY_CAST(TRY_STRPTIME(estat_updated[1:8], '%d/%m/%y') AS DATE)
            ELSE TRY_CAST(estat_updated[1:10] AS DATE)
        END AS updated
    FROM accepted
)
SELECT
    a.row_number, regexp_replace('eurostat.' || a.estat_table || a.line, '[^a-z0-9_.]', '_', 'g') AS dataset,
    CASE a.kind WHEN 'STOCKS' THEN 'direct_investment_position' ELSE 'bop' END AS concept,
    CASE a.kind WHEN 'STOCKS' THEN 'position' WHEN 'FLOWS' THEN 'flow' WHEN 'INCOME' THEN 'income' END AS accounting,
    CASE WHEN starts_with(a.estat_fdi_item, 'DI__') THEN 'inward' ELSE 'outward' END AS direction,
    'directional' AS principle,
    CASE
        WHEN regexp_matches(a.estat_fdi_item, 'F5B$|D43S') THEN 'reinvested_earnings'
        WHEN ends_with(a.estat_fdi_item, '__FL') THEN 'debt'
        WHEN regexp_matches(a.estat_fdi_item, '__F5A?$') THEN 'equity'
        ELSE 'total'
    END AS instrument,
    'reported' AS derivation, 'all' AS sector_scope,
    i.place AS reporter, j.place AS counterpart,
    CASE coalesce(a.estat_nace_r2, 'FDI') WHEN 'FDI' THEN 'TOTAL' WHEN 'TOTAL' THEN 'NACE_TOTAL' ELSE a.estat_nace_r2 END AS industry,
    a.estat_freq AS freq, a.estat_time AS period,
    CASE WHEN NOT a.is_missing THEN TRY_CAST(core.scaled(a.estat_value, u.multiplier, u.quotation) AS DECIMAL(38, 6)) END AS value,
    u.currency, a.estat_value AS printed_value, u.printed_unit,
    CASE
        WHEN a.is_missing AND (a.estat_conf IN ('C', 'N', 'D', 'S') OR contains(a.flag, 'c')) THEN 'Q'
        WHEN a.is_missing AND (contains(a.flag, 'z') OR contains(a.flag, 'm')) THEN 'M'
        WHEN a.is_missing THEN 'O'
        -- Of several flags, the one that limits comparison most.
        WHEN contains(a.flag, 'b') THEN 'B'
        WHEN contains(a.flag, 'd') THEN 'D'
        WHEN contains(a.flag, 'u') THEN 'U'
        WHEN contains(a.flag, 'e') THEN 'E'
        WHEN contains(a.flag, 'i') OR contains(a.flag, 's') THEN 'I'
        WHEN contains(a.flag, 'f') THEN 'F'
        WHEN contains(a.flag, 'p') THEN 'P'
        WHEN contains(a.flag, 'n') THEN 'N'
        ELSE 'A'
    END AS obs_status,
    'Eurostat' AS publisher, 'EU direct investment, table ' || a.estat_table || ' (BPM6)' AS title,
    'https://ec.europa.eu/eurostat/databrowser/product/view/' || a.estat_table AS address,
    a.updated AS published_on, CASE WHEN a.updated IS NULL THEN 'unknown' ELSE 'day' END AS published_precision,
    CASE WHEN strlen(a.flag) > 1 OR a.flag = 'r' THEN 'flags as printed: ' || a.flag END AS note
FROM flagged AS a
LEFT JOIN ref.unit AS u ON u.printed_unit = 'EUR million'
LEFT JOIN ref.place_code AS i ON i.scheme = 'eurostat' AND i.code = a.estat_geo
LEFT JOIN ref.place_code AS j ON j.scheme = 'eurostat' AND j.code = a.estat_partner
