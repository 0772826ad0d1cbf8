-- The founding questions (warehouse/questions.toml), each with the query that answers it.
{{ stored("mart.question") }} AS
SELECT * FROM (VALUES
{% for q in questions %}
    ({{ loop.index }}, {{ q.id | sql }}, {{ q.statements | sql }}, {{ q.question | sql }}, {{ q.state | sql }}, {{ q.sql | sql }}, {{ q.missing | sql }}, {{ q.obtainable | sql }}){{ "," if not loop.last }}
{% endfor %}
) AS t(number, id, statements, question, state, sql, missing, obtainable)
ORDER BY number;
