{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, t.indicator, n.name AS indicator_name, t.unit,
    {{ v.period("t") }},
    t.value, t.printed_value, t.printed_unit, t.obs_status,
    {{ v.provenance() }}
    {{ more }}
FROM core.indicator AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.indicator AS n ON n.indicator = t.indicator
{{ v.joins() }}
{% endmacro %}
{{ v.views("indicator", body) }}
{{ v.as_of_macros("indicator", body) }}
