-- Corrections on record for a dataset's figures of a period. Parameters: source, dataset, fact, period.
SELECT correction, concerns, expectation, reason FROM ref.correction
WHERE source = ? AND dataset = ? AND fact = ? AND period = ?
ORDER BY correction
