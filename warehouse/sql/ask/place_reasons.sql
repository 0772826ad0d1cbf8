-- Everything that a name or code can be: a code of this warehouse, an alias, a code of another scheme, a name.
-- A former place is still that place: its own code and its names have no last day.
SELECT place, scheme, text, description, valid_from, valid_to, note
FROM (
    SELECT place, {{ own | sql }} AS scheme, place AS text, 'its code in this warehouse' AS description,
        NULL::DATE AS valid_from, NULL::DATE AS valid_to, NULL::VARCHAR AS note, (1, place, '', '') AS position
    FROM ref.place
    UNION ALL
    SELECT place, {{ aliases | sql }}, alias, 'alias: ' || reason, NULL, NULL, NULL, (1, place, alias, '')
    FROM ref.place_alias
    UNION ALL
    SELECT place, scheme, code, 'code ' || code || ' of the scheme ' || scheme,
        valid_from, valid_to, note, (2, scheme, code, place)
    FROM ref.place_code
    UNION ALL
    SELECT place, {{ names | sql }}, name,
        kind || ' name in ' || CASE language WHEN 'en' THEN 'English' WHEN 'zh' THEN 'Chinese' WHEN 'ja' THEN 'Japanese' END,
        NULL, NULL, NULL, (3, place, language, name)
    FROM ref.place_name
)
ORDER BY position
