-- The rows that break a rule, with all the rules each breaks: one scan, each rule evaluated once.
CREATE OR REPLACE TEMP TABLE {{ refused }} AS
WITH marked AS (
    SELECT
        {{ row_number }} AS row_number,
        {{ "t0.unread" if unread else "NULL" }} AS unread
{% for rule in rules %}
        , {{ rule.sql }} AS kept_{{ loop.index }}
{% endfor %}
    FROM {{ rows }} AS t0
)
SELECT
    row_number,
    concat_ws('; ', unread
{% for rule in rules %}
        , CASE WHEN NOT kept_{{ loop.index }}{% if unread and rule.column %} AND NOT coalesce(contains('; ' || unread, '; {{ rule.column }}: '), FALSE){% endif %}

               THEN {{ rule.name | sql }} END
{% endfor %}
    ) AS rules
FROM marked
WHERE unread IS NOT NULL
{% for rule in rules %}
   OR NOT kept_{{ loop.index }}
{% endfor %}
