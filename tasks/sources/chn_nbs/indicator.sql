{{ located }}
SELECT
    row_number, dataset, place, indicator, freq, period,
    scaled AS value, base_unit AS unit, printed_value, printed_unit, obs_status,
    publisher, title, address, published_on, published_precision, seen_via, note
FROM located
