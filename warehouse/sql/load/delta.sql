-- A cell that an edition leaves blank withdraws the figure it had, and is nothing where it had none.
-- How one edition differs from what is current in its partition: new cells and revised ones. "position" is the row
-- the new version replaces. What a complete edition no longer states is added by gone.sql, where there is any.
CREATE OR REPLACE TEMP TABLE delta AS
WITH current AS (
    SELECT t.rowid AS position, t.*
    FROM {{ table }} AS t
    WHERE t.superseded_by IS NULL AND t.edition IN ({{ editions }})
),
stated AS (
    SELECT * FROM {{ rows }}
    WHERE dataset = {{ dataset | sql }} AND published_on IS NOT DISTINCT FROM {{ published_on }}
)
SELECT {% for c in columns %}s."{{ c }}", {% endfor %}s.citation, c.position,
    CASE WHEN c.position IS NULL THEN 'new' ELSE 'revised' END AS change
FROM stated AS s
LEFT JOIN current AS c ON {{ join }}
WHERE CASE
    WHEN c.position IS NULL THEN NOT s.is_blank
    ELSE ({{ differs }}) {% if "obs_status" in columns %}AND NOT (s.is_blank AND c.obs_status = 'O'){% endif %}

END
