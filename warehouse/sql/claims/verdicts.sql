{# The verdicts of claims. A claim's query gives a row for each source that says something; "claims" are claims with their documents. #}
{% macro evidence(claims) %}
SELECT NULL::VARCHAR AS id, NULL::DOUBLE AS figure, NULL::VARCHAR AS source, NULL::DATE AS published_on, NULL::VARCHAR AS about WHERE false
{% for document, c in claims %}
UNION ALL BY NAME SELECT {{ c.id | sql }} AS id, * FROM (
{{ c.sql }}
)
{% endfor %}
{% endmacro %}

{% macro stated(claims) %}
SELECT * FROM (VALUES
{% for document, c in claims %}
    ({{ loop.index }}, {{ c.id | sql }}, {{ document.document | sql }}, {{ c.passage | sql }}, {{ c.statement | sql }}, {{ c.comparison | sql }},
     {{ c.expected }}::DOUBLE, {{ c.tolerance }}::DOUBLE, {{ c.unit | sql }}, {{ c.missing | sql }}, {{ c.sql | sql }}){{ "," if not loop.last }}
{% endfor %}
) AS t(number, id, document, passage, statement, comparison, expected, tolerance, figure_unit, missing, sql)
{% endmacro %}

{# Each figure, and how far it is from what would support the claim: 0 where it supports it. What decimals leave over in binary is
   no difference. "more than" and "less than" leave the expected figure itself out, and have no tolerance. #}
{% macro measured(claims) %}
SELECT id, figure, source, published_on, about,
    CASE WHEN is_near THEN 0 ELSE round(CASE comparison
        WHEN 'at least' THEN least(figure - (expected - tolerance), 0) WHEN 'at most' THEN greatest(figure - (expected + tolerance), 0)
        ELSE figure - expected END, 9) END AS off_by,
    CASE comparison WHEN 'equals' THEN is_near WHEN 'at least' THEN is_near OR figure >= expected - tolerance
        WHEN 'at most' THEN is_near OR figure <= expected + tolerance
        WHEN 'more than' THEN figure > expected WHEN 'less than' THEN figure < expected END AS supports
FROM (
    SELECT e.*, c.comparison, c.expected, c.tolerance,
        comparison IN ('equals', 'at least', 'at most') AND abs(e.figure - c.expected) <= c.tolerance + 1e-9 * greatest(abs(c.expected), 1) AS is_near
    FROM ({{ stated(claims) }}) AS c JOIN ({{ evidence(claims) }}) AS e USING (id)
    WHERE e.figure IS NOT NULL
)
{% endmacro %}

{% macro verdicts(claims) %}
WITH measured AS (
    SELECT *, printf('%.6g', figure) || ' (' || concat_ws(', ', source, about, 'published ' || published_on::VARCHAR) || ')' AS words
    FROM ({{ measured(claims) }})
),
judged AS (
    SELECT id, count(*) AS figures, count(*) FILTER (supports) AS supporting_figures,
        arg_max(off_by, abs(off_by)) FILTER (NOT supports) AS off_by,
        string_agg(words, '; ' ORDER BY words) FILTER (supports) AS supported_by,
        string_agg(words, '; ' ORDER BY words) FILTER (NOT supports) AS contradicted_by
    FROM measured GROUP BY id
)
SELECT c.id, c.document, c.passage, c.statement,
    CASE WHEN j.figures IS NULL THEN 'no data' WHEN j.supporting_figures = j.figures THEN 'supported'
         WHEN j.supporting_figures = 0 THEN 'contradicted' ELSE 'mixed' END AS verdict,
    j.off_by, c.figure_unit, j.supported_by, j.contradicted_by, CASE WHEN j.figures IS NULL THEN c.missing END AS missing,
    c.comparison, c.expected, c.tolerance, c.sql
FROM ({{ stated(claims) }}) AS c LEFT JOIN judged AS j USING (id)
ORDER BY c.document, c.number
{% endmacro %}
