{% import "shared/versions.sql" as v %}
{% import "shared/facts.sql" as f %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, core.place_kind(p.kind, p.place) AS place_kind,
    t.indicator, n.name AS indicator_name, t.unit, 'reported' AS measurement,
    {{ v.period("t") }},
    t.value, t.printed_value, t.printed_unit, {{ v.status("t.obs_status", "d.doubt") }} AS obs_status,
    {{ v.provenance("d.doubt") }}
    {{ more }}
FROM core.indicator AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.indicator AS n ON n.indicator = t.indicator
{{ v.joins() }}
LEFT JOIN core.indicator_doubt AS d
  ON d.edition = t.edition AND d.place = t.place AND d.indicator = t.indicator AND d.unit = t.unit AND d.freq = t.freq AND d.period = t.period
{% endmacro %}
{% set figure_key = ["edition", "place", "indicator", "unit", "freq", "period"] %}
{% set cell = "place, indicator, unit, freq, period" %}
{% set order = [
    ("number IS NULL", "the figure has no value"), ("rank", ""),
    ("core.ordered_by(published_on, published_precision, known_from) DESC NULLS LAST", "the other was published later"),
    ("known_from DESC", "the other was received later"), ("dataset", "neither comes first by rank or date, so the name of the dataset decides"),
    ("edition DESC", "the other is of a later edition of the same dataset")] %}
{% macro choice(figures) %}
{{ f.contested(figures, "indicator", "t.value", cell, figure_key, order) }}
{% endmacro %}
{% macro chosen(figures, choice) %}
{{ f.with_choice(figures, choice, figure_key) }}
{% endmacro %}
{{ v.views("indicator", body, "core.indicator_current") }}
{{ stored("core.indicator_choice") }} AS
{{ choice("core.indicator_current") }};
CREATE OR REPLACE VIEW mart.indicator_figures AS
{{ chosen("core.indicator_current", "core.indicator_choice") }};
{{ v.as_of_macros("indicator_figures", body, choice, chosen) }}
