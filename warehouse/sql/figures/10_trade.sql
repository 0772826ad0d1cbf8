{% import "shared/versions.sql" as v %}
{% import "shared/facts.sql" as f %}
{# What is the same for a slice is worked out once a slice, not once a row. #}
{% macro slices() %}
(
    SELECT s.* EXCLUDE (freq, period), {{ v.period("s") }}, s.currency = 'USD' AS is_usd, r.rate, r.dataset AS fx_source
    FROM core.trade_slice AS s
    LEFT JOIN ref.exchange_rate AS r
      ON r.currency = s.currency AND r.fx_kind = 'avg' AND r.freq = s.freq AND r.period = s.period AND r.preferred
)
{% endmacro %}
{% macro body(more) %}
SELECT
    e.source, i.place AS reporter, i.name AS reporter_name, core.place_kind(i.kind, i.place) AS reporter_kind,
    j.place AS partner, j.name AS partner_name, core.place_kind(j.kind, j.place) AS partner_kind,
    s.flow, s.valuation, s.basis, s.classification, p.product, p.name AS product_name, core.product_level(p.product) AS product_level,
    'reported' AS measurement,
    s.freq, s.period, s.period_start, s.period_end, s.year,
    CAST(CASE WHEN s.is_usd THEN t.value ELSE core.to_usd(t.value, s.rate) END AS DECIMAL(20, 3)) AS value_usd,
    CAST(t.value AS DECIMAL(20, 3)) AS value, s.currency, t.quantity, s.quantity_unit, t.net_weight_kg, {{ v.status("t.obs_status::VARCHAR", "d.doubt") }} AS obs_status,
    {{ v.provenance("d.doubt") }}, s.rate AS fx_rate, s.fx_source {{ more }}
FROM core.trade AS t
JOIN {{ slices() }} AS s ON s.slice = t.slice
JOIN ref.place AS i ON i.place_key = t.reporter_key
JOIN ref.place AS j ON j.place_key = t.partner_key
JOIN ref.product AS p ON p.product_key = t.product_key
{{ v.joins() }}
LEFT JOIN core.trade_doubt AS d
  ON d.edition = t.edition AND d.slice = t.slice AND d.reporter_key = t.reporter_key AND d.partner_key = t.partner_key AND d.product_key = t.product_key
{% endmacro %}
{# Figures of bulk datasets: all that is the same for a part, with its provenance, is one row on the small side of one
   join. Few joins, to keys that are dense, are what a sum over a hundred million rows can bear, and amounts in dollars
   are not asked whether they are. "joins" are further ones of the parts, "chosen" a condition on them. #}
{% macro bulk(joins, chosen, more="") %}
{{ bulk_in(joins, "s.is_usd" ~ chosen, "t.value", more) }}
UNION ALL
{{ bulk_in(joins, "NOT s.is_usd" ~ chosen, "CAST(core.to_usd(t.value, s.rate) AS DECIMAL(18, 3))", more) }}
{% endmacro %}
{% macro bulk_in(joins, chosen, value_usd, more) %}
SELECT
    s.source, i.place AS reporter, i.name AS reporter_name, core.place_kind(i.kind, i.place) AS reporter_kind,
    j.place AS partner, j.name AS partner_name, core.place_kind(j.kind, j.place) AS partner_kind,
    s.flow, s.valuation, s.basis, s.classification, p.product, p.name AS product_name, core.product_level(p.product) AS product_level,
    'reconciled' AS measurement,
    s.freq, s.period, s.period_start, s.period_end, s.year, CAST({{ value_usd }} AS DECIMAL(20, 3)) AS value_usd,
    CAST(t.value AS DECIMAL(20, 3)) AS value, s.currency, CAST(NULL AS DECIMAL(18, 3)) AS quantity, s.quantity_unit, t.net_weight_kg, s.obs_status,
    s.published_on, s.published_precision, s.known_from, s.artifact, s.dataset,
    s.publisher, s.title, s.address, s.seen_via, s.note, s.edition, s.rate AS fx_rate, s.fx_source
    {%- if more %}, s.superseded_by, s.superseded_on, s.current_from, s.current_until{% endif %}

FROM core.trade_bulk AS t
JOIN (
    SELECT t.part, {{ v.status("t.obs_status::VARCHAR", "d.doubt") }} AS obs_status, s.* EXCLUDE (slice), e.source, {{ v.provenance("d.doubt") }} {{ more }}
    FROM core.trade_part AS t
    LEFT JOIN core.trade_part_doubt AS d ON d.part = t.part
    JOIN {{ slices() }} AS s ON s.slice = t.slice
    {{ v.joins() }}
    {{ joins }}
    WHERE {{ chosen }}
) AS s ON s.part = t.part
JOIN ref.place AS i ON i.place_key = t.reporter_key
JOIN ref.place AS j ON j.place_key = t.partner_key
JOIN core.trade_product AS p ON p.product_number = t.product_number
{% endmacro %}
{# What identifies one figure, and which of the figures of one thing in the world is preferred: one in dollars before one that
   has no rate, then by ref.preference, then the latest published, the latest received. #}
{% set figure_key = ["edition", "reporter", "partner", "flow", "valuation", "basis", "classification", "product", "freq", "period", "currency"] %}
{% set cell = "reporter, partner, flow, basis, classification, product, freq, period" %}
{% set order = [
    ("value_usd IS NULL", "the figure has no value in dollars"), ("number IS NULL", "the figure has no value"), ("rank", ""),
    ("core.ordered_by(published_on, published_precision, known_from) DESC NULLS LAST", "the other was published later"),
    ("known_from DESC", "the other was received later"), ("dataset", "neither comes first by rank or date, so the name of the dataset decides"),
    ("edition DESC", "the other is of a later edition of the same dataset"),
    ("valuation", "the other is of another valuation")] %}
{% macro choice(figures) %}
{{ f.contested(figures, "trade", "coalesce(t.value_usd, t.value)", cell, figure_key, order) }}
{% endmacro %}
{# Figures of bulk datasets are reconciled figures, each the only one of its kind: no choice is looked up for them. #}
{% set only_figure = "true AS is_preferred, 'the only figure' AS preference_reason, 0 AS other_figures, NULL::DOUBLE AS spread" %}
CREATE OR REPLACE VIEW core.trade_current AS
{{ body("") }}
WHERE t.superseded_by IS NULL;
{{ stored("core.trade_choice") }} AS
{{ choice("core.trade_current") }};
CREATE OR REPLACE VIEW core.trade_figures AS
{{ f.with_choice("core.trade_current", "core.trade_choice", figure_key) }};
CREATE OR REPLACE VIEW mart.trade_figures AS
FROM core.trade_figures
UNION ALL
SELECT t.*, {{ only_figure }} FROM ({{ bulk("", " AND t.superseded_by IS NULL") }}) AS t;
{% set successor = "LEFT JOIN meta.editions AS x ON x.edition = t.superseded_by" %}
{% set succeeded = v.standing() %}
CREATE OR REPLACE VIEW core.trade_versions AS
{{ body(succeeded) }}
{{ successor }}
UNION ALL
{{ bulk(successor, "", succeeded) }};
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.trade_figures_as_of(ts) AS TABLE
WITH figure AS MATERIALIZED (
    {{ body("") }}
    {{ successor }}
    WHERE {{ v.known_by() }}
),
choice AS (
    {{ choice("figure") }}
)
{{ f.with_choice("figure", "choice", figure_key) }}
UNION ALL
SELECT t.*, {{ only_figure }} FROM ({{ bulk(successor, " AND " ~ v.known_by()) }}) AS t;
COMMENT ON MACRO TABLE {{ schema }}.trade_figures_as_of IS {{ v.as_of_description("trade_figures") }};
{% endfor %}
