CREATE VIEW {{ schema }}.{{ table }} AS
SELECT t.* REPLACE (CASE WHEN t.superseded_by IN (FROM known_by) THEN t.superseded_by END AS superseded_by)
FROM published.{{ schema }}.{{ table }} AS t
WHERE t.edition IN (FROM known_by)
