-- Carry over since when a value has been known: the same value of the same publication, in the versions that
-- are about to be made again, may have been known through an edition older than the one that now states it.
UPDATE {{ table }} AS t
SET first_known_by = k.known_by
FROM (
    SELECT n.rowid AS position, arg_min(e.edition, e.known_from) AS known_by, min(e.known_from) AS known_from
    FROM {{ table }} AS n
    JOIN meta.editions AS ne ON ne.edition = n.edition
    JOIN remembered AS o ON {{ join }}
    JOIN meta.editions AS oe ON oe.edition = o.edition
    JOIN meta.editions AS e ON e.edition = coalesce(o.first_known_by, o.edition)
    WHERE n.edition IN ({{ editions }}) AND oe.published_on IS NOT DISTINCT FROM ne.published_on
    GROUP BY n.rowid
) AS k
WHERE t.rowid = k.position
  AND k.known_from < (SELECT known_from FROM meta.editions AS e WHERE e.edition = coalesce(t.first_known_by, t.edition))
