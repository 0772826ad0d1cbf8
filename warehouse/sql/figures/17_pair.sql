{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, t.counterpart, o.name AS counterpart_name,
    t.indicator, n.name AS indicator_name, {{ v.period("t") }}, t.unit,
    t.value, t.printed_value, t.printed_unit, t.obs_status,
    {{ v.provenance() }}
    {{ more }}
FROM core.pair AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.place AS o ON o.place = t.counterpart
JOIN ref.indicator AS n ON n.indicator = t.indicator
{{ v.joins() }}
{% endmacro %}
{{ v.views("pair", body, "mart.pair") }}
