{# The values of a mart of one release, one row each. "mart" has the columns key, values (column, number and whether it is one,
   provenance); "relation" is a FROM clause of it. Two figures with one key are told apart by "n". #}
{% macro values_of(relation, mart) %}
SELECT *, row_number() OVER (PARTITION BY cell, column_name ORDER BY amount, artifact) AS n
FROM (
    SELECT concat_ws(', '{% for c in mart.key %}, '{{ c }}=' || "{{ c }}"::VARCHAR{% endfor %}) AS cell, unnest([
        {% for v in mart.values %}
        struct_pack(column_name := {{ v.column | sql }}, amount := {{ v.text }}, dataset := {{ v.dataset }}::VARCHAR, artifact := {{ v.artifact }}::VARCHAR)
        {{- "," if not loop.last }}
        {% endfor %}
    ], recursive := true)
    FROM {{ relation }}
    WHERE {{ mart.rows }}
)
WHERE amount IS NOT NULL
{% endmacro %}
-- Both releases' values of a mart beside each other.
CREATE OR REPLACE TEMP TABLE compared AS
WITH older AS ({{ values_of(older, mart) }}), newer AS ({{ values_of(newer, mart) }})
SELECT cell, column_name, o.amount AS before, n.amount AS after, o.dataset AS before_dataset, n.dataset AS after_dataset,
    o.artifact AS before_artifact, n.artifact AS after_artifact
FROM older AS o FULL JOIN newer AS n USING (cell, column_name, n);
