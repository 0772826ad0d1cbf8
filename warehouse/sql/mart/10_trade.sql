{% import "parts/versions.sql" as v %}
{% macro figures() %}
    e.source, i.place AS reporter, i.name AS reporter_name, j.place AS partner, j.name AS partner_name,
    s.flow, s.valuation, s.basis, s.classification, p.product, p.name AS product_name,
    s.freq, s.period, s.period_start, s.period_end, s.year,
    CASE WHEN s.is_usd THEN t.value ELSE CAST(core.to_usd(t.value, s.rate) AS DECIMAL(18, 3)) END AS value_usd,
    t.value, s.currency, t.quantity, s.quantity_unit, t.net_weight_kg, t.obs_status::VARCHAR AS obs_status
{% endmacro %}
{% macro tables() %}
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
{% endmacro %}
{% macro body(more) %}
SELECT {{ figures() }}, {{ v.provenance() }}, s.rate AS fx_rate, s.fx_source {{ more }}
{{ tables() }}
{{ v.joins() }}
{% endmacro %}
{{ v.views("trade", body) }}
-- Most rows have the citation of their edition and have been known since it came; millions of them at a time have it
-- so. They are spared the two joins that say otherwise for the others, which cost as much as adding the rows up.
CREATE OR REPLACE VIEW mart.trade AS
SELECT {{ figures() }},
    e.published_on, e.published_precision, e.known_from, e.artifact, e.dataset,
    e.publisher, e.title, e.address, e.seen_via, e.note, t.edition,
    s.rate AS fx_rate, s.fx_source
{{ tables() }}
JOIN (
    SELECT e.*, c.publisher, c.title, c.address, c.seen_via, c.note
    FROM meta.editions AS e LEFT JOIN meta.citations AS c USING (citation)
) AS e ON e.edition = t.edition
WHERE t.superseded_by IS NULL AND t.citation IS NULL AND t.first_known_by IS NULL
UNION ALL
{{ body("") }}
WHERE t.superseded_by IS NULL AND t.citation IS NOT NULL
UNION ALL
{{ body("") }}
WHERE t.superseded_by IS NULL AND t.citation IS NULL AND t.first_known_by IS NOT NULL;
{{ v.as_of_macros("trade", body) }}
