-- All versions of each figure that has a version with the wanted values, the first published first. "wanted" are columns
-- of "found_in" whose values are bound; "key" are the columns that identify a figure.
SELECT v.*
FROM {{ view }} AS v
WHERE EXISTS (
    FROM (
        FROM {{ found_in }}
        WHERE true{% for column in wanted %} AND "{{ column }}"::VARCHAR = ?{% endfor %}

    ) AS w
    WHERE true{% for column in key %} AND v."{{ column }}" IS NOT DISTINCT FROM w."{{ column }}"{% endfor %}

)
ORDER BY v.published_on NULLS LAST, v.known_from, v.edition
