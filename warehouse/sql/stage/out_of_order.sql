-- A row whose key is not greater than that of the row before it, or has an empty column.
SELECT 1
FROM (
    SELECT {% for k in key %}"{{ k }}", lag("{{ k }}") OVER () AS "before_{{ k }}", {% endfor %}lag(TRUE) OVER () AS has_before
    FROM {{ rows }}
)
WHERE has_before AND (
{%- for k in key %}"{{ k }}" > "before_{{ k }}" OR ("{{ k }}" = "before_{{ k }}" AND ({% endfor %}FALSE{{ "))" * (key | length) }}) IS NOT TRUE
LIMIT 1
