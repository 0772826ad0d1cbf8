-- Citations that the rows need and that are not there yet.
INSERT INTO meta.citations
SELECT
    (SELECT coalesce(max(citation), 0) FROM meta.citations) + row_number() OVER (ORDER BY d.publisher, d.title, d.address, d.seen_via, d.note),
    d.*
FROM (
    SELECT DISTINCT r.publisher, r.title, r.address, r.seen_via, r.note
    FROM {{ rows }} AS r
    WHERE NOT EXISTS (
        FROM meta.citations AS c
        WHERE c.publisher = r.publisher AND c.title = r.title AND c.address = r.address
          AND c.seen_via IS NOT DISTINCT FROM r.seen_via AND c.note IS NOT DISTINCT FROM r.note)
) AS d
