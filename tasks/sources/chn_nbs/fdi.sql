{{ located }}
SELECT
    row_number, dataset, concept, 'flow' AS accounting, 'inward' AS direction, 'directional' AS principle, 'total' AS instrument,
    'reported' AS derivation, 'unknown' AS sector_scope, place AS reporter, 'WLD' AS counterpart, 'TOTAL' AS industry, freq, period,
    core.money(scaled) AS value, CASE WHEN kind = 'money' THEN currency END AS currency,
    printed_value, printed_unit, obs_status,
    publisher, title, address, published_on, published_precision, seen_via, note
FROM located
