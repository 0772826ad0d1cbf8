SELECT
    row_number, dataset, place AS reporter, 'WLD' AS partner, flow, valuation, basis,
    'TOTAL' AS classification, 'TOTAL' AS product, freq, period,
    core.trade_amount(scaled) AS value, CASE WHEN kind = 'money' THEN currency END AS currency,
    CAST(NULL AS DECIMAL(18, 3)) AS quantity, CAST(NULL AS VARCHAR) AS quantity_unit,
    CAST(NULL AS DECIMAL(18, 3)) AS net_weight_kg, obs_status,
    {cited}
FROM located
