{# The joins and columns that say when and by whom a version was published. "t" is the core table. #}
{# "doubt" is an expression for why a figure is doubtful, which the note then says. #}
{% macro provenance(doubt="NULL") %}
    e.published_on, e.published_precision,
    core.utc(coalesce(k.known_from, e.known_from)) AS known_from,
    e.artifact, e.dataset,
    c.publisher, c.title, c.address, c.seen_via, {% if doubt == "NULL" %}c.note{% else %}nullif(concat_ws('; ', c.note, 'doubtful: ' || {{ doubt }}), '') AS note{% endif %}, t.edition
{% endmacro %}
{% macro joins() %}
JOIN meta.editions AS e ON e.edition = t.edition
LEFT JOIN meta.editions AS k ON k.edition = t.first_known_by
LEFT JOIN meta.citations AS c ON c.citation = coalesce(t.citation, e.citation)
{% endmacro %}
{# The status of a figure: of low reliability (SDMX "U") where it is doubtful (figures/05_doubts.sql) and its publisher calls it normal or says nothing of it. #}
{% macro status(published, doubt) -%}
CASE WHEN {{ doubt }} IS NOT NULL AND {{ published }} = 'A' THEN 'U' ELSE {{ published }} END
{%- endmacro %}
{# A moment as a timestamp: a day is the whole of it, so that what was received today is known as of today. #}
{% macro moment(ts) -%}
CASE WHEN length(trim({{ ts }}::VARCHAR)) = 10 THEN ({{ ts }}::DATE + 1)::TIMESTAMPTZ - INTERVAL 1 MICROSECOND ELSE {{ ts }}::TIMESTAMPTZ END
{%- endmacro %}
{# What a reader could have known at a moment: by publication, else by receipt. #}
{% macro known_by() %}
coalesce(e.published_on::TIMESTAMPTZ, e.known_from) <= {{ moment("ts") }}
  AND (t.superseded_by IS NULL OR coalesce(x.published_on::TIMESTAMPTZ, x.known_from) > {{ moment("ts") }})
{% endmacro %}
{% macro as_of() %}
LEFT JOIN meta.editions AS x ON x.edition = t.superseded_by
WHERE {{ known_by() }}
{% endmacro %}
{# What a view of versions says of how long each stood, to a reader who asks as of a moment; "x" is the edition that replaced it. #}
{% macro standing() -%}
, t.superseded_by, x.published_on AS superseded_on,
    coalesce(e.published_on::TIMESTAMP, core.utc(e.known_from)) AS current_from,
    coalesce(x.published_on::TIMESTAMP, core.utc(x.known_from)) AS current_until
{%- endmacro %}
{# A view of the current versions, "view", and one of all versions of the fact "name". "body" is a template macro that writes
   the query with further columns. #}
{% macro views(name, body, view) %}
CREATE OR REPLACE VIEW {{ view }} AS
{{ body("") }}
WHERE t.superseded_by IS NULL;
CREATE OR REPLACE VIEW core.{{ name }}_versions AS
{{ body(standing()) }}
LEFT JOIN meta.editions AS x ON x.edition = t.superseded_by;
{% endmacro %}
{% macro as_of_description(name) %}
{{ ("mart." ~ name ~ " as a reader could have known it at a moment (a day is the whole of it): what was published by then, or received where no date of publication is on record") | sql }}
{%- endmacro %}
{# Macros (in mart and in main) of the figures of a moment, with the choice among those that were known then. "choice" and
   "chosen" are template macros that write the choice among a relation's figures, and the figures with their choice. #}
{% macro as_of_macros(name, body, choice, chosen) %}
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.{{ name }}_as_of(ts) AS TABLE
WITH figure AS MATERIALIZED (
    {{ body("") }}
    {{ as_of() }}
),
choice AS (
    {{ choice("figure") }}
)
{{ chosen("figure", "choice") }};
COMMENT ON MACRO TABLE {{ schema }}.{{ name }}_as_of IS {{ as_of_description(name) }};
{% endfor %}
{% endmacro %}
{% macro period(of) %}
    {{ of }}.freq, {{ of }}.period,
    core.period_start({{ of }}.freq, {{ of }}.period) AS period_start,
    core.period_end({{ of }}.freq, {{ of }}.period) AS period_end,
    CAST({{ of }}.period[1:4] AS INTEGER) AS year
{% endmacro %}
