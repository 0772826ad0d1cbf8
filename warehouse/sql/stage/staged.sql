-- The source's records, typed. Text that cannot be read exactly as its column's type becomes NULL and is
-- named in "unread". Records keep their order, so that rowid + 1 is the number of the record.
CREATE OR REPLACE TEMP TABLE staged AS
SELECT
{% for c in columns %}
    {{ c.read }} AS "{{ c.name }}",
{% endfor %}
    nullif(concat_ws('; '
{% for c in columns if c.exact %}
        , CASE WHEN "{{ c.name }}" IS NOT NULL AND ({{ c.read }} IS NULL OR NOT {{ c.exact }})
               THEN '{{ c.name }}: not {{ c.type }}' END
{% endfor %}
        , NULL), '') AS unread
FROM {{ relation }}
