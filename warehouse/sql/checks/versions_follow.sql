-- Every version belongs to a standing edition, and is replaced only by a later one of the same partition
-- severity: stop
SELECT t.edition, t.superseded_by
FROM {{ table }} AS t
LEFT JOIN meta.editions AS e ON e.edition = t.edition
LEFT JOIN meta.editions AS x ON x.edition = t.superseded_by
WHERE e.edition IS NULL OR e.retracted_at IS NOT NULL
   OR (t.superseded_by IS NOT NULL AND (
        x.edition IS NULL OR x.retracted_at IS NOT NULL OR x.partition <> e.partition OR x.source <> e.source
        OR coalesce(x.published_on::TIMESTAMPTZ, x.known_from) < coalesce(e.published_on::TIMESTAMPTZ, e.known_from)))
