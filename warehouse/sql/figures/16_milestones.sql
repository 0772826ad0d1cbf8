{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    t.name, t.kind, t.place, p.name AS place_name, t.opened_on, t.opened_precision, year(t.opened_on)::INTEGER AS year,
    t.length_km, t.design_speed_kmh, t.counterpart, o.name AS counterpart_name, e.source,
    {{ v.provenance() }}
    {{ more }}
FROM core.milestones AS t
JOIN ref.place AS p ON p.place = t.place
LEFT JOIN ref.place AS o ON o.place = t.counterpart
{{ v.joins() }}
{% endmacro %}
{{ v.views("milestones", body, "mart.milestone_figures") }}
