-- Accepted rows of a bulk dataset in the columns of the stored table, one row out for every row in.
CREATE OR REPLACE TEMP VIEW keyed AS
SELECT
    {{ dataset | sql }} AS dataset, {{ published_on }} AS published_on,
{% for name, expression in columns.items() %}
    CAST({{ expression }} AS {{ types[name] }}) AS "{{ name }}",
{% endfor %}
    CAST(NULL AS INTEGER) AS citation
FROM accepted AS s
{{ joins }}
