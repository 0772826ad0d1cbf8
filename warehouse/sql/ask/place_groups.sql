-- The groups that a place belongs to on a day.
SELECT g.place_group, p.name
FROM ref.place_group AS g
JOIN ref.place AS p ON p.place = g.place_group
WHERE g.member = {{ place | sql }}
  AND coalesce(g.valid_from <= DATE {{ day | sql }}, true) AND coalesce(g.valid_to > DATE {{ day | sql }}, true)
ORDER BY g.place_group
