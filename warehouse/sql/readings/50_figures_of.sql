-- From which figures the values of a fact's row come, as schemas/lineage lists them: FROM figures_of_trade('CHN', 'JPN', 2019).
-- A row a value column and figure. The values of the figures, each times "sign", add up to the value. "part" says what a figure
-- is in it: of a residual the published total, and members that are taken off it; otherwise the value.
{# Which cells a row of a fact adds up to, with the signs with which they count (compare with_residuals in shared/facts.sql). #}
{% macro inputs() %}
member AS (FROM cell WHERE a <> '_T' AND b <> '_T'),
total_of_a AS (FROM cell WHERE a <> '_T' AND b = '_T'),
available AS (
    SELECT measure, bool_or(a = '_T' AND b = '_T') AS has_grand_total, bool_or(a <> '_T' AND b = '_T') AS has_total_of_a,
        bool_or(a <> '_T' AND b <> '_T') AS has_members
    FROM cell GROUP BY measure
),
total_of_b AS (
    SELECT c.*, m.b IS NOT NULL AS has_members_of_b
    FROM cell AS c JOIN available AS v USING (measure) LEFT JOIN (SELECT DISTINCT measure, b FROM member) AS m USING (measure, b)
    WHERE c.a = '_T' AND c.b <> '_T'
      AND ((m.b IS NOT NULL AND (v.has_grand_total OR NOT v.has_total_of_a)) OR NOT (v.has_total_of_a OR v.has_members))
),
input AS (
    SELECT measure, a, b, false AS is_residual, 'value' AS part, 1 AS sign, a AS cell_a, b AS cell_b FROM member
    UNION ALL
    SELECT t.measure, t.a, '_X', m.a IS NOT NULL, CASE WHEN m.a IS NULL THEN 'value' ELSE 'total' END, 1, t.a, '_T'
    FROM total_of_a AS t LEFT JOIN (SELECT DISTINCT measure, a FROM member) AS m USING (measure, a)
    UNION ALL
    SELECT m.measure, m.a, '_X', true, 'member', -1, m.a, m.b FROM member AS m SEMI JOIN total_of_a USING (measure, a)
    UNION ALL
    SELECT measure, '_X', b, has_members_of_b, CASE WHEN has_members_of_b THEN 'total' ELSE 'value' END, 1, '_T', b FROM total_of_b
    UNION ALL
    SELECT m.measure, '_X', m.b, true, 'member', -1, m.a, m.b FROM member AS m SEMI JOIN total_of_b USING (measure, b)
),
every_input AS (
    FROM input
    UNION ALL
    SELECT g.measure, '_X', '_X', i.measure IS NOT NULL, CASE WHEN i.measure IS NULL THEN 'value' ELSE 'total' END, 1, '_T', '_T'
    FROM (FROM cell WHERE a = '_T' AND b = '_T') AS g LEFT JOIN (SELECT DISTINCT measure FROM input) AS i USING (measure)
    UNION ALL
    SELECT i.measure, '_X', '_X', true, 'member', -sum(i.sign)::INTEGER, i.cell_a, i.cell_b
    FROM input AS i SEMI JOIN (FROM cell WHERE a = '_T' AND b = '_T') USING (measure)
    GROUP BY ALL HAVING sum(i.sign) <> 0
)
{% endmacro %}
{% for schema in ("mart", "main") %}
{% for m in lineage.CELLS %}
CREATE OR REPLACE MACRO {{ schema }}.figures_of_{{ m.mart }}({% for c in m.key %}wanted_{{ c }}{{ ", " if not loop.last }}{% endfor %}) AS TABLE
WITH cell AS (
    FROM {{ m.cells }} AS c WHERE c.value IS NOT NULL{% for c in m.key if m.term(c) in m.keys %} AND c.{{ m.term(c) }} = wanted_{{ c }}{% endfor %}

),
{{ inputs() }},
row_input AS (
    SELECT i.is_residual, i.part, i.sign AS cell_sign, c.*, sum(i.sign * c.value) OVER (PARTITION BY i.measure, i.is_residual) AS row_value
    FROM every_input AS i JOIN cell AS c ON c.measure = i.measure AND c.a = i.cell_a AND c.b = i.cell_b
    WHERE true{% for c in m.key if m.term(c) not in m.keys %} AND i.{{ m.term(c) }} = wanted_{{ c }}{% endfor %}

),
match AS (
    SELECT c.measure AS cell_measure, c.is_residual, c.part, c.cell_sign * ({{ m.sign }}) AS sign, c.origin.method AS method,
        c.a AS cell_a, c.b AS cell_b, c.value AS cell_value, f.*, {{ m.alternative }} AS alternative,
        sum(({{ m.sign }}) * f.{{ m.amount }}) OVER (PARTITION BY c.measure, c.is_residual, c.a, c.b, {{ m.alternative }}) AS alternative_value
    FROM row_input AS c JOIN {{ m.figures }} AS f ON {{ m.joined }}
    WHERE (NOT c.is_residual OR c.row_value <> 0)
      AND CASE c.origin.method{% for way in m.ways %} WHEN {{ way.method | sql }} THEN {{ way.condition }}{% endfor %} ELSE false END
)
SELECT CASE cell_measure{% for measure, column in m.columns.items() %} WHEN {{ measure | sql }} THEN {{ column | sql }}{% endfor %} END AS column_name,
    * EXCLUDE (cell_measure, is_residual, cell_a, cell_b, cell_value, alternative, alternative_value)
FROM match
QUALIFY dense_rank() OVER (PARTITION BY cell_measure, is_residual, cell_a, cell_b ORDER BY alternative_value <> cell_value, alternative) = 1;
{% endfor %}
{% for m in lineage.ROWS %}
CREATE OR REPLACE MACRO {{ schema }}.figures_of_{{ m.mart }}({% for c in m.key %}wanted_{{ c }}{{ ", " if not loop.last }}{% endfor %}) AS TABLE
SELECT n.column_name, 'value' AS part, {{ m.sign }}::INTEGER AS sign, {{ m.method }} AS method, f.*
FROM mart.{{ m.mart }} AS c
CROSS JOIN (SELECT unnest([{% for c in m.columns %}{{ c | sql }}{{ ", " if not loop.last }}{% endfor %}]) AS column_name) AS n
{{ m.joins }}
JOIN {{ m.figures }} AS f ON {{ m.condition }}
WHERE true{% for c in m.key %} AND c.{{ c }} = wanted_{{ c }}{% endfor %};
{% endfor %}
{% for m in lineage.FACTS.values() %}
COMMENT ON MACRO TABLE {{ schema }}.figures_of_{{ m.mart }} IS {{ ("The figures that the values of one row of mart." ~ m.mart ~ " are made of, by value column: "
    ~ "FROM figures_of_" ~ m.mart ~ "(" ~ m.key | join(", ") ~ "). The value is the sum of sign times the figures' values; part is value, total or member") | sql }};
{% endfor %}
{% endfor %}
CREATE OR REPLACE VIEW meta.lineage AS
SELECT * FROM (VALUES
{% for row in lineage.described() %}
    ({{ row[0] | sql }}, {{ row[1] | sql }}, {{ row[2] | sql }}, {{ row[3] | sql }}, {{ row[4] | sql }}){{ "," if not loop.last }}
{% endfor %}
) AS t (mart, column_name, made_of, method, condition);
