-- The versions that an edition adds.
INSERT INTO {{ table }} ({% for c in columns %}"{{ c }}", {% endfor %}citation, edition)
SELECT {% for c in columns %}"{{ c }}", {% endfor %}citation, {{ edition }}
FROM delta
