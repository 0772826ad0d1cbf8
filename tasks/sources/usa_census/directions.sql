-- The records of the copy, each once for exports and once for imports. Thousands separators are taken out of figures where
-- they stand between groups of three digits; other text stays as it is.
{% set grouped = "'-?\\d{1,3}(,\\d{3})+(\\.\\d+)?'" %}
SELECT
    "Month" AS printed_month, heading,
    {% for name in ("Exports", "Imports", "Balance") %}
    CASE WHEN regexp_full_match("{{ name }}", {{ grouped }}) THEN replace("{{ name }}", ',', '') ELSE "{{ name }}" END
        AS {{ name | lower }}_million_usd{{ "," if not loop.last }}
    {% endfor %}
FROM (SELECT row_number() OVER () AS record, * FROM {{ records }})
CROSS JOIN (VALUES ('Exports'), ('Imports')) AS h (heading)
ORDER BY record, heading
