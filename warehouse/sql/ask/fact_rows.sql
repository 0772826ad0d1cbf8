-- Rows of a fact or reading with the wanted values, which are bound.
FROM mart.{{ mart }}
WHERE true{% for column in wanted %} AND "{{ column }}"::VARCHAR = ?{% endfor %}

ORDER BY {% for column in key %}{{ column }}{{ ", " if not loop.last }}{% endfor %}

