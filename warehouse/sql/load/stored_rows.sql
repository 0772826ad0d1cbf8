-- The rows of one artifact as they will be stored, with the dataset and publication they belong to. "is_blank" rows
-- stand for cells that an edition leaves blank.
CREATE OR REPLACE TEMP TABLE {{ table }} AS
SELECT
    r.dataset, r.published_on, r.published_precision, r.row_number,
    {% for c in columns %}r."{{ c }}", {% endfor %}

    c.citation, {{ blank }} AS is_blank
FROM ({{ rows }}) AS r
JOIN meta.citations AS c
  ON c.publisher = r.publisher AND c.title = r.title AND c.address = r.address
 AND c.seen_via IS NOT DISTINCT FROM r.seen_via AND c.note IS NOT DISTINCT FROM r.note
