-- The figures of an exchange rate. Parameters: currency, period, column of exchange_rates.
SELECT dataset, publisher, published_on, published_precision, printed_value, unit, period, artifact, method
FROM mart.figures_of_exchange_rates(?, ?)
WHERE column_name = ?
ORDER BY unit, edition
