-- Cells that are current in a partition and that a complete edition no longer states.
INSERT INTO delta
SELECT {% for c in key %}c."{{ c }}", {% endfor %}{% for v in gone %}{{ v }}, {% endfor %}c.citation, c.rowid, 'gone'
FROM {{ table }} AS c
WHERE c.superseded_by IS NULL AND c.edition IN ({{ editions }}) AND c.obs_status <> 'O' AND NOT EXISTS (
    FROM {{ rows }} AS s
    WHERE s.dataset = {{ dataset | sql }} AND s.published_on IS NOT DISTINCT FROM {{ published_on }} AND {{ join }})
