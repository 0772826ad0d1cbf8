-- A place by what people write for it: its code, a code of two letters, a name or an alias (ref.place_alias), in this order.
{{ stored("core.place_by_text") }} AS
WITH text AS (
    SELECT lower(place) AS text, place, 1 AS choice FROM ref.place
    UNION ALL SELECT lower(alias), place, 2 FROM ref.place_alias
    UNION ALL SELECT lower(code), place, 3 FROM ref.place_code WHERE scheme = 'iso3166_1_alpha2' AND valid_to IS NULL
    UNION ALL SELECT lower(name), place, 4 FROM ref.place
    UNION ALL SELECT lower(name), place, 5 FROM ref.place_name
)
SELECT text, any_value(place) AS place, choice
FROM text GROUP BY text, choice HAVING count(DISTINCT place) = 1
QUALIFY row_number() OVER (PARTITION BY text ORDER BY choice) = 1
ORDER BY text;
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.place(named) AS (
    SELECT coalesce(max(p.place), error('no place, or more than one, is called "' || named || '": `entrepot places ''' || named || '''` lists what there is'))
    FROM core.place_by_text AS p WHERE p.text = lower(trim(named))
);
COMMENT ON MACRO {{ schema }}.place IS 'The code of a place by its name or another code, such as place(''Hong Kong''), place(''JP''), place(''EU''); an error for a text that no place or more than one has';
{% endfor %}
