-- The rows that break a rule, with all the rules each breaks: one scan.
CREATE OR REPLACE TEMP TABLE {{ refused }} AS
SELECT
    {{ row_number }} AS row_number,
    concat_ws('; '
{% if unread %}
        , t0.unread
{% endif %}
{% for rule in rules %}
        , CASE WHEN NOT ({{ rule.sql }}){% if unread and rule.column %} AND NOT coalesce(contains('; ' || t0.unread, '; {{ rule.column }}: '), FALSE){% endif %}

               THEN {{ rule.name | sql }} END
{% endfor %}
        , NULL) AS rules
FROM {{ rows }} AS t0
WHERE FALSE
{% if unread %}
   OR t0.unread IS NOT NULL
{% endif %}
{% for rule in rules %}
   OR NOT ({{ rule.sql }})
{% endfor %}
