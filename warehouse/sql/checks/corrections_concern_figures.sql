-- Each correction of a dataset that is loaded keeps a figure out: one that keeps none out is misspelt, or needed no more
-- severity: warning
SELECT c.correction, c.source, c.dataset, c.period
FROM ref.correction AS c
WHERE (c.source, c.dataset) IN (SELECT (source, dataset) FROM meta.editions)
    AND NOT EXISTS (FROM meta.quarantine AS q WHERE q.source = c.source AND starts_with(q.rules, 'correction: ' || c.correction || ':'))
