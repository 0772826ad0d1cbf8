-- The rows of a fact that a value of a reading's row comes from. The parameters are the values of the reading's key.
SELECT DISTINCT t.*
FROM (FROM mart.{{ reading }} WHERE true{% for column in key %} AND {{ column }} = ?{% endfor %}) AS r
JOIN mart.{{ fact.mart }} AS t ON {{ fact.where }}
WHERE {{ fact.applies }}
ORDER BY ALL
