{% import "shared/versions.sql" as v %}
{% import "shared/facts.sql" as f %}
{% macro body(more) %}
SELECT
    e.source, t.concept, t.accounting, t.direction, t.principle, t.instrument, t.derivation, t.sector_scope,
    t.reporter, i.name AS reporter_name, core.place_kind(i.kind, i.place) AS reporter_kind,
    t.counterpart, j.name AS counterpart_name, core.place_kind(j.kind, j.place) AS counterpart_kind, t.industry,
    CASE t.derivation WHEN 'derived_from_counterpart' THEN 'derived from counterpart' ELSE 'reported' END AS measurement,
    {{ v.period("t") }},
    -- Each is cast by itself: brought to one type first, a value would be rounded twice.
    CASE WHEN t.currency = 'USD' THEN CAST(t.value AS DECIMAL(20, 2)) ELSE CAST(core.to_usd(t.value, r.rate) AS DECIMAL(20, 2)) END AS value_usd,
    CAST(t.value AS DECIMAL(28, 6)) AS value, t.currency, t.printed_value, t.printed_unit, {{ v.status("t.obs_status", "d.doubt") }} AS obs_status,
    {{ v.provenance("d.doubt") }},
    r.rate AS fx_rate, r.dataset AS fx_source
    {{ more }}
FROM core.fdi AS t
JOIN ref.place AS i ON i.place = t.reporter
JOIN ref.place AS j ON j.place = t.counterpart
LEFT JOIN ref.exchange_rate AS r
  ON r.currency = t.currency AND r.freq = t.freq AND r.period = t.period AND r.preferred
 AND r.fx_kind = CASE t.accounting WHEN 'position' THEN 'eop' ELSE 'avg' END
{{ v.joins() }}
LEFT JOIN core.fdi_doubt AS d
  ON {% for c in ("edition", "principle", "sector_scope", "concept", "accounting", "direction", "instrument", "derivation", "reporter", "counterpart", "industry", "freq", "period", "currency") %}d.{{ c }} = t.{{ c }}{{ " AND " if not loop.last }}{% endfor %}

{% endmacro %}
{% set figure_key = ["edition", "concept", "accounting", "direction", "principle", "instrument", "derivation", "sector_scope", "reporter", "counterpart", "industry",
    "freq", "period", "currency"] %}
{% set cell = "concept, accounting, direction, principle, instrument, derivation, reporter, counterpart, industry, freq, period" %}
{# MOFCOM's own series is without banks, securities and insurance: of two figures of one rank, that one, so that no year is of another scope. #}
{% set order = [
    ("number IS NULL", "the figure has no value"), ("rank", ""),
    ("concept = 'mofcom_utilised' AND sector_scope = 'all'", "the other leaves out banks, securities and insurance, as the Ministry's series does"),
    ("currency <> 'USD'", "the other is printed in dollars"), ("core.digits(printed_value) DESC", "the other is printed with more digits"),
    ("core.ordered_by(published_on, published_precision, known_from) DESC NULLS LAST", "the other was published later"),
    ("known_from DESC", "the other was received later"), ("dataset", "neither comes first by rank or date, so the name of the dataset decides"),
    ("edition DESC", "the other is of a later edition of the same dataset"),
    ("sector_scope", "the other is of another sector_scope")] %}
{% macro choice(figures) %}
{{ f.contested(figures, "fdi", "t.value_usd", cell, figure_key, order) }}
{% endmacro %}
{% macro chosen(figures, choice) %}
{{ f.with_choice(figures, choice, figure_key) }}
{% endmacro %}
{{ v.views("fdi", body, "core.fdi_current") }}
{{ stored("core.fdi_choice") }} AS
{{ choice("core.fdi_current") }};
CREATE OR REPLACE VIEW mart.fdi_figures AS
{{ chosen("core.fdi_current", "core.fdi_choice") }};
{{ v.as_of_macros("fdi_figures", body, choice, chosen) }}
