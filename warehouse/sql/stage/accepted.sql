-- The rows that broke no rule, with their numbers.
CREATE OR REPLACE TEMP VIEW {{ accepted }} AS
SELECT {{ row_number }} AS row_number, COLUMNS(lambda c: c NOT IN ('row_number', 'unread'))
FROM {{ rows }} AS t0
{% if refused %}
WHERE {{ row_number }} NOT IN (SELECT row_number FROM {{ refused }})
{% endif %}
