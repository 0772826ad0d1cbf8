{{ located }}
SELECT
    row_number, dataset, place AS reporter, 'WLD' AS partner, flow, valuation, basis,
    'TOTAL' AS classification, 'TOTAL' AS product, freq, period,
    core.trade_amount(scaled) AS value, CASE WHEN kind = 'money' THEN currency END AS currency,
    obs_status,
    publisher, title, address, published_on, published_precision, seen_via, note
FROM located
