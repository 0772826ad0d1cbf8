{% from "stage/inexact.sql" import lost %}
-- The source's records, typed. Text that cannot be read exactly as its column's type is named in "unread"; the
-- names are put together only for rows that have such text. Records keep their order, so that rowid counts them.
{% set checked = columns | rejectattr("kind", "equalto", "text") | list %}
CREATE OR REPLACE TEMP TABLE {{ table }} AS
WITH read AS (
    SELECT
{% for c in checked %}
        "{{ c.name }}" AS "{{ c.text }}",
{% endfor %}
{% for c in columns %}
        {% if c.kind == "text" %}"{{ c.name }}"{% else %}TRY_CAST("{{ c.name }}" AS {{ c.type }}){% endif %} AS "{{ c.name }}"{{ "" if loop.last else "," }}
{% endfor %}
    FROM {{ relation }}
)
SELECT
{% for c in columns %}
    "{{ c.name }}",
{% endfor %}
    CASE WHEN FALSE
{% for c in checked %}
          OR {{ lost(c) }}
{% endfor %}
        THEN concat_ws('; '
{% for c in checked %}
            , CASE WHEN {{ lost(c) }} THEN '{{ c.name }}: not {{ c.type }}' END
{% endfor %}
            , NULL)
    END AS unread
FROM read
