{% import "shared/versions.sql" as v %}
-- The moment that a text means.
SELECT ({{ v.moment("$1") }})::VARCHAR
