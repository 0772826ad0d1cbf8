{% import "shared/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, t.concept, t.accounting, t.direction, t.principle, t.instrument, t.derivation, t.sector_scope,
    t.reporter, i.name AS reporter_name, t.counterpart, j.name AS counterpart_name, t.industry,
    {{ v.period("t") }},
    CASE WHEN t.currency = 'USD' THEN CAST(t.value AS DECIMAL(38, 2)) ELSE core.to_usd(t.value, r.rate) END AS value_usd,
    t.value, t.currency, t.printed_value, t.printed_unit, t.obs_status,
    {{ v.provenance() }},
    r.rate AS fx_rate, r.dataset AS fx_source
    {{ more }}
FROM core.fdi AS t
JOIN ref.place AS i ON i.place = t.reporter
JOIN ref.place AS j ON j.place = t.counterpart
LEFT JOIN ref.exchange_rate AS r
  ON r.currency = t.currency AND r.freq = t.freq AND r.period = t.period AND r.preferred
 AND r.fx_kind = CASE t.accounting WHEN 'position' THEN 'eop' ELSE 'avg' END
{{ v.joins() }}
{% endmacro %}
{{ v.views("fdi", body) }}
{{ v.as_of_macros("fdi", body) }}
