-- The rows at which a run begins, in which each key is greater than the one before: their numbers, that of the row before, and whether rows came in
-- another order than that of their numbers, so that nothing is known.
SELECT number, before, coalesce(number <= before, FALSE)
FROM (
    SELECT {% for k in key %}"{{ k }}", lag("{{ k }}") OVER () AS "before_{{ k }}", {% endfor %}number, lag(number) OVER () AS before
    FROM (SELECT {% for k in key %}t0."{{ k }}", {% endfor %}{{ row_number }} AS number FROM {{ rows }} AS t0)
)
WHERE before IS NULL OR number <= before OR (
{%- for k in key %}"{{ k }}" > "before_{{ k }}" OR ("{{ k }}" = "before_{{ k }}" AND ({% endfor %}FALSE{{ "))" * (key | length) }}) IS NOT TRUE
ORDER BY number
LIMIT {{ most + 1 }}
