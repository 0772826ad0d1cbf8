-- The first edition of a partition is new, all of it: there is nothing to compare it with.
INSERT INTO {{ table }} ({% for c in columns %}"{{ c }}", {% endfor %}citation, edition)
SELECT {% for c in columns %}"{{ c }}", {% endfor %}citation, {{ edition }}
FROM {{ rows }}
WHERE dataset = {{ dataset | sql }} AND published_on IS NOT DISTINCT FROM {{ published_on }} AND NOT is_blank
