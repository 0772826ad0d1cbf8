{% import "shared/versions.sql" as v %}
{% import "shared/facts.sql" as f %}
{% macro body(more) %}
SELECT
    e.source, t.place, p.name AS place_name, core.place_kind(p.kind, p.place) AS place_kind,
    t.origin, o.name AS origin_name, core.place_kind(o.kind, o.place) AS kind_of_origin, t.counting_unit, 'reported' AS measurement,
    {{ v.period("t") }}, t.as_of,
    t.value, t.approximate, t.printed_value, t.printed_unit, t.obs_status,
    {{ v.provenance() }}
    {{ more }}
FROM core.presence AS t
JOIN ref.place AS p ON p.place = t.place
JOIN ref.place AS o ON o.place = t.origin
{{ v.joins() }}
{% endmacro %}
{% set figure_key = ["edition", "place", "origin", "counting_unit", "freq", "period", "as_of"] %}
{% set cell = "place, origin, counting_unit, freq, period" %}
{% set order = [
    ("number IS NULL", "the figure has no value"), ("rank", ""),
    ("approximate", "the figure is approximate"), ("as_of DESC NULLS LAST", "the other is of a later day of the year"),
    ("core.ordered_by(published_on, published_precision, known_from) DESC NULLS LAST", "the other was published later"),
    ("known_from DESC", "the other was received later"), ("dataset", "neither comes first by rank or date, so the name of the dataset decides"),
    ("edition DESC", "the other is of a later edition of the same dataset")] %}
{% macro choice(figures) %}
{{ f.contested(figures, "presence", "t.value", cell, figure_key, order) }}
{% endmacro %}
{% macro chosen(figures, choice) %}
{{ f.with_choice(figures, choice, figure_key) }}
{% endmacro %}
{{ v.views("presence", body, "core.presence_current") }}
{{ stored("core.presence_choice") }} AS
{{ choice("core.presence_current") }};
CREATE OR REPLACE VIEW mart.presence_figures AS
{{ chosen("core.presence_current", "core.presence_choice") }};
{{ v.as_of_macros("presence_figures", body, choice, chosen) }}
