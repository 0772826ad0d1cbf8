-- The names of a place, the usual one of each language first.
SELECT language, kind, name
FROM ref.place_name
WHERE place = {{ place | sql }}
ORDER BY language, list_position(['short', 'official', 'former', 'alias'], kind), name
