-- Accepted rows of a bulk dataset in the columns of core.trade_bulk, one row out for every row in.
CREATE OR REPLACE TEMP VIEW bulk_rows AS
SELECT
{% for name, expression in columns.items() %}
    CAST({{ expression }} AS {{ types[name] }}) AS "{{ name }}"{{ "" if loop.last else "," }}
{% endfor %}
FROM accepted AS s
{{ joins }}
