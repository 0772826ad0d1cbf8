{% import "parts/versions.sql" as v %}
{% macro body(more) %}
SELECT
    e.source, i.place AS reporter, i.name AS reporter_name, j.place AS partner, j.name AS partner_name,
    s.flow, s.valuation, s.basis, s.classification, p.product, p.name AS product_name,
    s.freq, s.period, s.period_start, s.period_end, s.year,
    CASE WHEN s.is_usd THEN t.value ELSE CAST(core.to_usd(t.value, s.rate) AS DECIMAL(18, 3)) END AS value_usd,
    t.value, s.currency, t.quantity, s.quantity_unit, t.net_weight_kg, t.obs_status::VARCHAR AS obs_status,
    {{ v.provenance() }},
    s.rate AS fx_rate, s.fx_source
    {{ more }}
FROM core.trade AS t
JOIN (
    -- What is the same for a slice is worked out once a slice, not once a row.
    SELECT s.* EXCLUDE (freq, period), {{ v.period("s") }}, s.currency = 'USD' AS is_usd, r.rate, r.dataset AS fx_source
    FROM core.trade_slice AS s
    LEFT JOIN ref.exchange_rate AS r
      ON r.currency = s.currency AND r.fx_kind = 'avg' AND r.freq = s.freq AND r.period = s.period AND r.preferred
) AS s ON s.slice = t.slice
JOIN ref.place AS i ON i.place_key = t.reporter_key
JOIN ref.place AS j ON j.place_key = t.partner_key
JOIN ref.product AS p ON p.product_key = t.product_key
{{ v.joins() }}
{% endmacro %}
{{ v.views("trade", body) }}
{{ v.as_of_macros("trade", body) }}
