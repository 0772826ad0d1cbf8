-- No bundled dataset states two values of one figure as published on one day: which is right must be said in the file
-- severity: stop
SELECT e.dataset, e.published_on, e.filename, x.filename AS other
FROM {{ table }} AS t
JOIN meta.editions AS e ON e.edition = t.edition
JOIN meta.editions AS x ON x.edition = t.superseded_by
WHERE e.source = 'curated' AND e.published_on = x.published_on
