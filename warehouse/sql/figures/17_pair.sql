{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, t.counterpart, o.name AS counterpart_name,
    t.indicator, n.name AS indicator_name, {{ v.period("t") }}, t.unit,
    t.value, t.printed_value, t.printed_unit, {{ v.status("t.obs_status", "d.doubt") }} AS obs_status,
    {{ v.provenance("d.doubt") }}
    {{ more }}
FROM core.pair AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.place AS o ON o.place = t.counterpart
JOIN ref.indicator AS n ON n.indicator = t.indicator
{{ v.joins() }}
LEFT JOIN core.pair_doubt AS d
  ON d.edition = t.edition AND d.place = t.place AND d.counterpart = t.counterpart AND d.indicator = t.indicator AND d.unit = t.unit
 AND d.freq IS NOT DISTINCT FROM t.freq AND d.period IS NOT DISTINCT FROM t.period
{% endmacro %}
{{ v.views("pair", body, "mart.pair") }}
