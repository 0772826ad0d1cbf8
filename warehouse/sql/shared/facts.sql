{# Macros of the fact marts. A fact is made of cells: the columns of "keys", two axes "a" and "b" whose value '_T' is a
   published total along that axis, "measure", "value" and "origin" (the provenance of the value). #}

{# Provenance of one value: where it comes from, by which method it was found, and how the total was found that the
   rows of the fact add up to. "method" is an SQL text, "valuation" an SQL expression. #}
{% macro origin(method, valuation="NULL", currency="currency") %}
struct_pack(source := source, dataset := dataset, publisher := publisher, published_on := published_on,
    published_precision := published_precision, artifact := artifact, status := obs_status::VARCHAR,
    valuation := {{ valuation }}::VARCHAR, currency := {{ currency }}::VARCHAR, method := {{ method }}::VARCHAR,
    total_method := NULL::VARCHAR, other_figures := other_figures::INTEGER, spread := spread::DOUBLE)
{% endmacro %}

{# Provenance of a value that is the sum of several figures of one dataset. #}
{% macro origin_of_sum(method, valuation="NULL") %}
struct_pack(source := any_value(source), dataset := any_value(dataset), publisher := any_value(publisher),
    published_on := max(published_on), published_precision := arg_max(published_precision, coalesce(published_on, DATE '0001-01-01')),
    artifact := max(artifact), status := max(obs_status::VARCHAR), valuation := any_value({{ valuation }})::VARCHAR,
    currency := any_value(currency)::VARCHAR,
    method := {{ method }}::VARCHAR, total_method := NULL::VARCHAR,
    other_figures := max(other_figures)::INTEGER, spread := max(spread)::DOUBLE)
{% endmacro %}

{# The same provenance with another method, and with the total that the value is a part of. #}
{% macro restated(origin, method, total_method) %}
struct_pack(source := {{ origin }}.source, dataset := {{ origin }}.dataset, publisher := {{ origin }}.publisher,
    published_on := {{ origin }}.published_on, published_precision := {{ origin }}.published_precision,
    artifact := {{ origin }}.artifact, status := {{ origin }}.status, valuation := {{ origin }}.valuation,
    currency := {{ origin }}.currency, method := {{ method }}, total_method := coalesce({{ total_method }}, 'none published'),
    other_figures := {{ origin }}.other_figures, spread := {{ origin }}.spread)
{% endmacro %}

{# A difference of not more than a hundredth a member is rounding of the members, not something that is missing. #}
{% macro residual_method(difference, members) %}
CASE WHEN abs({{ difference }}) <= 0.01 * {{ members }} THEN 'rounding' ELSE 'rest of a total' END
{% endmacro %}

{# The method of a row '_X': that of its one part, or of a published figure with what is added to it. #}
{% macro method_of_several() %}
concat_ws(' with the ', any_value(method) FILTER (residual IS NULL),
    CASE WHEN bool_or(method = 'rest of a total') THEN 'rest of a total' WHEN count(residual) > 0 THEN 'rounding' END)
{% endmacro %}

{# The members, and where they do not reach a published total, rows '_X' that make up the difference: (a, _X) for a total
   of a, (_X, b) for a total of b, (_X, _X) for the grand total. So a sum over b is the total of a, a sum over a that
   of b, and a sum over all rows the grand total, whatever the figures are.
   - A total of b is used only where b has members, or where nothing else is published: otherwise the totals along both
     axes could count the same amount twice.
   - The grand residual is the grand total less all other rows.
   - A row '_X' is a residual where members were taken off; a total without members is the published figure itself.
   - A publisher's own figure of "areas not specified" is a member on the axis '_X'; with a residual it makes one row, so that a key has one row.
     "residual" is the part of the value that is the difference between a total and its members, NULL where the value has none.
   "whole" says what total_method speaks of: "a" where a row of a stands for itself (a reporter, whose partners add up to its total),
   "all" where only all rows together are something (the products of a reporter). With "all" a published figure of one a is itself
   no total: two chapters, each with its total over partners, are not all goods. Where only the total of one partner, or of one part (product or
   month), is published, total_method says "of the partner alone" or "of the part alone": then a sum over more is not known to be whole. #}
{% macro with_residuals(cells, keys, whole) %}
{% set k = keys | join(", ") %}
{% set own_total = "t.origin.method" if whole == "a" else "CASE WHEN m.value IS NULL THEN g.origin.method ELSE coalesce(g.origin.method, 'of the part alone: ' || t.origin.method) END" %}
(
WITH cell AS (FROM {{ cells }} WHERE value IS NOT NULL),
member AS (FROM cell WHERE a <> '_T' AND b <> '_T'),
total_of_a AS (FROM cell WHERE a <> '_T' AND b = '_T'),
grand_total AS (FROM cell WHERE a = '_T' AND b = '_T'),
members_of_a AS (SELECT {{ k }}, measure, a, sum(value) AS value, count(*) AS members FROM member GROUP BY {{ k }}, measure, a),
members_of_b AS (SELECT {{ k }}, measure, b, sum(value) AS value, count(*) AS members FROM member GROUP BY {{ k }}, measure, b),
available AS (
    SELECT {{ k }}, measure, bool_or(a = '_T' AND b = '_T') AS has_grand_total, bool_or(a <> '_T' AND b = '_T') AS has_total_of_a,
        bool_or(a <> '_T' AND b <> '_T') AS has_members
    FROM cell GROUP BY {{ k }}, measure
),
total_of_b AS (
    SELECT c.*, m.value AS members_value, m.members
    FROM cell AS c JOIN available USING ({{ k }}, measure) LEFT JOIN members_of_b AS m USING ({{ k }}, measure, b)
    WHERE c.a = '_T' AND c.b <> '_T'
      AND ((m.value IS NOT NULL AND (has_grand_total OR NOT has_total_of_a)) OR NOT (has_total_of_a OR has_members))
),
part AS (
    SELECT {{ k }}, measure, a, b, m.value, m.origin, m.origin.method AS method,
        {{ "ta.origin.method" if whole == "a" else "coalesce(g.origin.method, 'of the partner alone: ' || tb.origin.method, 'of the part alone: ' || ta.origin.method)" }} AS total_method,
        NULL::DECIMAL(38, 3) AS residual, 0 AS axis
    FROM member AS m
    LEFT JOIN (SELECT {{ k }}, measure, a, origin FROM total_of_a) AS ta USING ({{ k }}, measure, a)
    LEFT JOIN (SELECT {{ k }}, measure, b, origin FROM total_of_b) AS tb USING ({{ k }}, measure, b)
    LEFT JOIN (SELECT {{ k }}, measure, origin FROM grand_total) AS g USING ({{ k }}, measure)
    UNION ALL
    SELECT {{ k }}, measure, a, '_X', t.value - coalesce(m.value, 0), t.origin,
        CASE WHEN m.value IS NULL THEN t.origin.method ELSE {{ residual_method("(t.value - m.value)", "m.members") }} END,
        {{ own_total }}, CASE WHEN m.value IS NOT NULL THEN t.value - m.value END, 1
    FROM total_of_a AS t LEFT JOIN members_of_a AS m USING ({{ k }}, measure, a)
    LEFT JOIN (SELECT {{ k }}, measure, origin FROM grand_total) AS g USING ({{ k }}, measure)
    WHERE m.value IS NULL OR t.value <> m.value
    UNION ALL
    SELECT {{ k }}, measure, '_X', b, value - coalesce(members_value, 0), origin,
        CASE WHEN members_value IS NULL THEN origin.method ELSE {{ residual_method("(value - members_value)", "members") }} END,
        {{ "origin.method" if whole == "a" else "coalesce(g.method, 'of the partner alone: ' || origin.method)" }}, value - members_value, 2
    FROM total_of_b LEFT JOIN (SELECT {{ k }}, measure, origin.method AS method FROM grand_total) AS g USING ({{ k }}, measure)
    WHERE members_value IS NULL OR value <> members_value
),
parts AS (SELECT {{ k }}, measure, sum(value) AS value, count(*) AS members FROM part GROUP BY {{ k }}, measure),
not_allotted AS (
    FROM part WHERE a = '_X' OR b = '_X'
    UNION ALL
    SELECT {{ k }}, measure, '_X', '_X', g.value - coalesce(p.value, 0), g.origin,
        CASE WHEN p.value IS NULL THEN g.origin.method ELSE {{ residual_method("(g.value - p.value)", "p.members") }} END,
        g.origin.method, g.value - p.value, 3
    FROM grand_total AS g LEFT JOIN parts AS p USING ({{ k }}, measure)
    WHERE p.value IS NULL OR g.value <> p.value
)
SELECT {{ k }}, measure, a, b, value, {{ restated("origin", "method", "total_method") }} AS origin, residual
FROM part WHERE a <> '_X' AND b <> '_X'
UNION ALL
SELECT {{ k }}, measure, a, b, sum(value), {{ restated("arg_min(origin, axis)", method_of_several(), "max_by(total_method, axis)") }}, sum(residual)
FROM not_allotted GROUP BY {{ k }}, measure, a, b
)
{% endmacro %}

{# Rows of values with the column "seam": how the publisher, what is counted (scope or valuation) or the printed currency differs from the value before in the
   same series, which has the same "series" columns and measure; NULL where it does not. Press pages that pass on one publisher's
   figures ("mofcom.via_…") are one publisher. #}
{% macro with_seams(rows, series=["a", "b"]) %}
(
SELECT *, nullif(concat_ws(', ',
    CASE WHEN before.publisher <> origin.publisher AND split_part(before.dataset, '.via_', 1) <> split_part(origin.dataset, '.via_', 1)
         THEN before.publisher || ' to ' || origin.publisher END,
    CASE WHEN before.valuation <> origin.valuation THEN before.valuation || ' to ' || origin.valuation END,
    CASE WHEN before.currency <> origin.currency THEN 'printed in ' || before.currency || ' to printed in ' || origin.currency END), '') AS seam
FROM (
    SELECT *, lag(origin) OVER (PARTITION BY {{ series | join(", ") }}, measure ORDER BY year) AS before FROM {{ rows }}
)
)
{% endmacro %}

{# Which value columns have a seam, and what it is. #}
{% macro seam_column(suffix="_usd") %}
string_agg(t.measure || '{{ suffix }}: ' || t.seam, '; ' ORDER BY t.measure) AS seams
{%- endmacro %}

{# One column a measure, then the provenance of each. #}
{% macro value_columns(measures, type, suffix="_usd") %}
{% for m in measures %}
    CAST(sum(t.value) FILTER (t.measure = '{{ m }}') AS {{ type }}) AS {{ m }}{{ suffix }},
{% endfor %}
{% for m in measures %}
    any_value(t.origin) FILTER (t.measure = '{{ m }}') AS {{ m }}_from,
{% endfor %}
{% endmacro %}

{# Whether a row is a residual, and whether its members are more than the total. #}
{% macro residual_columns() %}
    bool_or(t.residual IS NOT NULL) AS is_residual,
    coalesce(bool_or(t.residual < 0) FILTER (t.origin.method LIKE '%rest of a total'), false) AS residual_is_negative
{% endmacro %}

{# The English name of a place on an axis. #}
{% macro name_on_axis(axis, name) %}
CASE WHEN {{ axis }} = '_X' THEN 'not allotted' ELSE {{ name }} END
{% endmacro %}

{# Which figure of a cell is preferred, why, how many other figures there are and how far apart all are: a row for each figure
   of a cell that has several. Only those are looked at, and stored at publication: a figure that is alone is preferred.
   "figures" is a relation, "fact" the name in ref.preference, "number" the value of "t" that is compared, "cell" identifies
   one thing in the world, "figure_key" one figure of it. "order" sorts the figures of a cell: pairs of an expression and of what is
   said of a figure that steps behind by it; by the rank of ref.preference, the reason that is on record there. #}
{% macro contested(figures, fact, number, cell, figure_key, order) %}
SELECT {{ figure_key | join(", ") }}, is_preferred, other_figures, spread,
    CASE WHEN is_preferred THEN reason ELSE 'behind ' || preferred_dataset || ': ' || why END AS preference_reason
FROM (
    SELECT *, row_number() OVER by_preference = 1 AS is_preferred,
        (count(number) OVER in_cell - (number IS NOT NULL)::INTEGER)::INTEGER AS other_figures,
        CASE WHEN count(number) OVER in_cell > 1 AND number <> 0
             THEN round((max(number) OVER in_cell - min(number) OVER in_cell) / abs(number::DOUBLE), 6) END AS spread,
        first_value(dataset) OVER by_preference AS preferred_dataset, 
        CASE {% for expression, words in order %}WHEN {{ ordered(expression) }} IS DISTINCT FROM first_value({{ ordered(expression) }}) OVER by_preference
             THEN {{ words | sql if words else "first_value(reason) OVER by_preference" }} {% endfor %}ELSE 'the other states the same' END AS why
    FROM (
        SELECT t.*, {{ number }} AS number, p.rank, p.reason
        FROM {{ figures }} AS t
        SEMI JOIN (SELECT {{ cell }} FROM {{ figures }} GROUP BY ALL HAVING count(*) > 1) AS s
          ON {{ same("s", "t", cell.split(", ")) }}
        LEFT JOIN ref.preference_of({{ fact | sql }}) AS p ON p.source = t.source AND p.dataset = t.dataset
    )
    WINDOW in_cell AS (PARTITION BY {{ cell }}), by_preference AS (PARTITION BY {{ cell }} ORDER BY {% for expression, _ in order %}{{ expression }}{{ ", " if not loop.last }}{% endfor %})
)
{% endmacro %}

{# What figures are sorted by, without the direction. #}
{% macro ordered(expression) %}{{ expression.split(" DESC")[0] }}{% endmacro %}

{# Figures with the columns of the choice; "choice" has rows for cells of several figures only. #}
{% macro with_choice(figures, choice, figure_key) %}
SELECT t.*, coalesce(c.is_preferred, true) AS is_preferred, coalesce(c.preference_reason, 'the only figure') AS preference_reason,
    coalesce(c.other_figures, 0) AS other_figures, c.spread
FROM {{ figures }} AS t
LEFT JOIN {{ choice }} AS c ON {{ same("c", "t", figure_key) }}
{% endmacro %}

{# Equality of columns of which some may be empty. #}
{% macro same(left, right, columns) -%}
{% for c in columns %}{{ left }}.{{ c }} IS NOT DISTINCT FROM {{ right }}.{{ c }}{{ " AND " if not loop.last }}{% endfor %}
{%- endmacro %}

{# A place on an axis: the published total is that of the whole. #}
{% macro axis(place, whole="WLD") %}
CASE WHEN {{ place }} = '{{ whole }}' THEN '_T' ELSE {{ place }} END
{%- endmacro %}
