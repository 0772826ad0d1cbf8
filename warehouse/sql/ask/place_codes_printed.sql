-- Codes and names in a printed row that mean a place, with the schemes that they are of. Parameters: the place, the printed texts.
SELECT code, string_agg(scheme, ', ' ORDER BY scheme) AS schemes, string_agg(DISTINCT note, '; ' ORDER BY note) AS notes
FROM (
    SELECT scheme || coalesce(' from ' || valid_from, '') || coalesce(' before ' || valid_to, '') AS scheme, code, note
    FROM ref.place_code WHERE place = $1
    UNION ALL SELECT 'name in ' || language, name, NULL FROM ref.place_name WHERE place = $1
    UNION ALL SELECT 'alias', alias, reason FROM ref.place_alias WHERE place = $1
    UNION ALL SELECT 'code of this warehouse', place, NULL FROM ref.place WHERE place = $1
)
WHERE list_contains($2, code)
GROUP BY code
ORDER BY code
