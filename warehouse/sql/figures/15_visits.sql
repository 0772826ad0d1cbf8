{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    t.event, t.kind, t.started_on, t.ended_on, t.date_precision, t.held_in, t.side, t.place, p.name AS place_name,
    t.organisation, t.person, t.office, t.visited, t.purpose, e.source,
    {{ v.provenance() }}
    {{ more }}
FROM core.visits AS t
JOIN ref.place AS p ON p.place = t.place
{{ v.joins() }}
{% endmacro %}
{{ v.views("visits", body, "mart.visits") }}
