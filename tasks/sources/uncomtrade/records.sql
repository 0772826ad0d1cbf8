-- Records in our names, every value as text: trimmed, truth written as true and false, NULL where a form has no such field.
SELECT
{% for name, text in cells.items() %}
    {% if text is none %}
    CAST(NULL AS VARCHAR) AS {{ name }}{{ "," if not loop.last }}
    {% elif name.startswith("is_") %}
    CASE lower(nullif(trim({{ text }}), '')) WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE lower(nullif(trim({{ text }}), '')) END
        AS {{ name }}{{ "," if not loop.last }}
    {% else %}
    nullif(trim({{ text }}), '') AS {{ name }}{{ "," if not loop.last }}
    {% endif %}
{% endfor %}
FROM {{ records }}
