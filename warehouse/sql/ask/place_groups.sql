-- The groups that a place belongs to on a day.
SELECT g.place_group, p.name
FROM ref.place_group AS g
JOIN ref.place AS p ON p.place = g.place_group
WHERE g.member = $place AND coalesce(g.valid_from, $day) <= $day AND (g.valid_to IS NULL OR g.valid_to > $day)
ORDER BY g.place_group
