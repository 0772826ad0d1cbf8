{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.concept, t.direction,
    t.reporter, i.name AS reporter_name, t.counterpart, j.name AS counterpart_name, t.measure, t.rate_basis,
    {{ v.period("t") }},
    t.value AS rate_percent, t.printed_value, t.obs_status,
    {{ v.provenance() }}
    {{ more }}
FROM core.fdi_rate AS t
JOIN ref.place AS i ON i.place = t.reporter
JOIN ref.place AS j ON j.place = t.counterpart
{{ v.joins() }}
{% endmacro %}
{{ v.views("fdi_rate", body, "mart.fdi_rate") }}
