-- Carry over since when a value has been known: the same value of the same publication, in the versions that
-- are about to be made again, may have been known through an edition older than the one that now states it.
-- Two editions without a date are one publication only if the one was retracted for the other: standing side by
-- side they are two releases, and a value that the second brought back was not known all the while.
UPDATE {{ table }} AS t
SET first_known_by = k.known_by
FROM (
    SELECT n.rowid AS position, arg_min(e.edition, e.known_from) AS known_by, min(e.known_from) AS known_from
    FROM {{ table }} AS n
    JOIN meta.editions AS ne ON ne.edition = n.edition
    JOIN remembered AS o ON {{ join }}
    JOIN meta.editions AS oe ON oe.edition = o.edition
    JOIN meta.editions AS e ON e.edition = coalesce(o.first_known_by, o.edition)
    WHERE n.edition IN ({{ editions }})
      AND (oe.edition = ne.edition OR oe.published_on = ne.published_on
           OR (oe.published_on IS NULL AND ne.published_on IS NULL AND oe.retracted_at IS NOT NULL))
    GROUP BY n.rowid
) AS k
WHERE t.rowid = k.position
  AND k.known_from < (SELECT known_from FROM meta.editions AS e WHERE e.edition = coalesce(t.first_known_by, t.edition))
