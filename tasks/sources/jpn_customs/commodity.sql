-- A weight is net weight in kilograms. Of two units the one that is not a weight is the quantity; two that are none
-- are the second as quantity and the first in the note.
SELECT
    b.row_number, {{ dataset | sql }} AS dataset, 'JPN' AS reporter, b.partner,
    CASE b.exp_or_imp WHEN '1' THEN 'export' ELSE 'import' END AS flow,
    CASE b.exp_or_imp WHEN '1' THEN 'FOB' ELSE 'CIF' END AS valuation,
    b.classification, b.statistical_code AS product,
    CASE WHEN b.statistical_month > 0 THEN 'M' WHEN b.last_month = 12 THEN 'A' ELSE 'YTD' END AS freq,
    b.period,
    TRY_CAST(b.thousand_yen * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS value, 'JPY' AS currency,
    TRY_CAST(CASE WHEN b.takes_first THEN b.quantity_1 WHEN b.unit_2 IS NOT NULL THEN b.quantity_2 END AS DECIMAL(18, 3)) AS quantity,
    CASE WHEN b.takes_first THEN b.unit_1 ELSE b.unit_2 END AS quantity_unit,
    CASE
        WHEN b.grams_2 IS NOT NULL THEN TRY_CAST(b.quantity_2 * b.grams_2 * 0.001::DECIMAL(4, 3) AS DECIMAL(18, 3))
        WHEN b.grams_1 IS NOT NULL THEN TRY_CAST(b.quantity_1 * b.grams_1 * 0.001::DECIMAL(4, 3) AS DECIMAL(18, 3))
    END AS net_weight_kg,
    CASE WHEN b.release_stage IN ('速報', '9桁速報') THEN 'P' ELSE 'A' END AS obs_status,
    'Ministry of Finance Japan (Japan Customs)' AS publisher,
    'Trade Statistics of Japan, commodity{{ ' by country' if by_country }}, ' || b.statistical_year AS title,
    'https://www.e-stat.go.jp/stat-search/files?toukei=00350300&tstat=000001013141' AS address,
    CAST({{ published_on | sql }} AS DATE) AS published_on, {{ ('day' if published_on else 'unknown') | sql }} AS published_precision,
    concat_ws('; ',
        'stage of release: ' || coalesce(b.release_stage, 'not stated'),
        CASE WHEN NOT b.takes_first AND b.unit_1 IS NOT NULL AND b.grams_1 IS NULL THEN 'also ' || b.quantity_1 || ' ' || b.unit_1 END
    ) AS note
FROM (
    SELECT
        a.*, {{ 'c.place' if by_country else "'WLD'" }} AS partner, {{ classification }} AS classification,
        CASE
            WHEN a.statistical_month > 0 THEN a.statistical_year || '-' || lpad(a.statistical_month::VARCHAR, 2, '0')
            WHEN a.last_month = 12 THEN a.statistical_year::VARCHAR
            ELSE a.statistical_year || '-' || lpad(a.last_month::VARCHAR, 2, '0')
        END AS period,
        w1.grams AS grams_1, w2.grams AS grams_2,
        a.unit_1 IS NOT NULL AND (a.unit_2 IS NULL OR (w2.grams IS NOT NULL AND w1.grams IS NULL)) AS takes_first
    FROM accepted AS a
    LEFT JOIN (VALUES ('KG', 1000), ('MT', 1000000), ('GR', 1)) AS w1 (unit, grams) ON w1.unit = a.unit_1
    LEFT JOIN (VALUES ('KG', 1000), ('MT', 1000000), ('GR', 1)) AS w2 (unit, grams) ON w2.unit = a.unit_2
    {% if by_country %}
    LEFT JOIN ref.place_code AS c ON c.scheme = 'jpn_customs' AND c.code = a.country_code
    {% endif %}
) AS b
