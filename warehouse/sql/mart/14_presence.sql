{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, t.origin, o.name AS origin_name, t.counting_unit,
    {{ v.period("t") }}, t.as_of,
    t.value, t.approximate, t.printed_value, t.printed_unit, t.obs_status,
    {{ v.provenance() }}
    {{ more }}
FROM core.presence AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.place AS o ON o.place = t.origin
{{ v.joins() }}
{% endmacro %}
{{ v.views("presence", body) }}
