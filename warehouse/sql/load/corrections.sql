-- The corrections declared for a source's figures of one fact. Parameters: source, fact.
SELECT correction, dataset, period, concerns, expectation, reason
FROM ref.correction
WHERE source = ? AND fact = ?
ORDER BY correction
