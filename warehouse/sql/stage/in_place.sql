-- Records that were read as text take the places of the plain ones that stood for them.
UPDATE staged AS t
SET unread = c.unread{% for c in columns %}, "{{ c }}" = c."{{ c }}"{% endfor %}

FROM careful AS c
WHERE t.rowid = {{ base_id }} + c.number - 1
