-- The records of a plain file, which come with types, whole numbers as decimals: 12.7 is an error and not rounded.
CREATE OR REPLACE TEMP TABLE staged AS
SELECT
{% for c in columns %}
{% set name = '"' ~ c.name ~ '"' %}
    {% if c.kind == "whole" %}CASE WHEN {{ name }} <> CAST({{ name }} AS {{ c.type }}) THEN CAST('not whole' AS {{ c.type }}) ELSE CAST({{ name }} AS {{ c.type }}) END AS {% endif %}{% if c.name == coded %}TRY_CAST({{ name }} AS {{ codes }}) AS {% endif %}{{ name }}{{ "" if loop.last else "," }}
{% endfor %}
FROM {{ relation }}
