-- Every version of the figures that a report site leads to. "wanted" are the values of the columns of the group and the anchor, with the numbers that
-- lead there; "key" are the columns that identify a version's figure, "figures" is the mart that says which figure is preferred.
CREATE OR REPLACE TEMP TABLE traced_version AS
WITH wanted AS (
    SELECT DISTINCT * FROM (VALUES
{% for place, values in wanted %}
        ({% for value in place %}{{ value | string | sql }}, {% endfor %}{{ values }}::DOUBLE[]){{ "," if not loop.last }}
{% endfor %}
    ) AS w ({% for column in of.group %}{{ column }}, {% endfor %}trace_anchor, wanted_values)
),
stated AS (
    SELECT v.*, w.trace_anchor, {{ of.what }} AS trace_what, {{ of.number }} AS trace_value,
        coalesce(list_contains(w.wanted_values, ({{ of.number }})::DOUBLE), false) AS trace_is_wanted
    FROM core.{{ of.fact.name }}_versions AS v
    JOIN wanted AS w ON w.trace_anchor = ({{ of.anchor }})::VARCHAR{% for column in of.group %} AND w.{{ column }} = v.{{ column }}{% endfor %}

{% if of.parts %}
    WHERE {{ of.condition }} OR ({{ of.parts }} AND v.superseded_by IS NULL)
    QUALIFY {{ of.condition }} OR list_contains(w.wanted_values, sum({{ of.number }}) OVER (
        PARTITION BY {{ of.condition }}, w.trace_anchor, v.dataset, v.flow, v.freq, v.classification{% for column in of.group %}, v.{{ column }}{% endfor %})::DOUBLE)
{% else %}
    WHERE {{ of.condition }}
{% endif %}
),
version AS (
    FROM stated AS v
{% if of.has_frequency %}
    -- Figures of parts of a year are not beside those of the year, unless a number leads to them.
    QUALIFY v.freq = 'A' OR trace_is_wanted{% if of.parts %} OR {{ of.parts }}{% endif %}

        OR NOT bool_or(v.freq = 'A' AND {{ of.condition }}) OVER (PARTITION BY v.trace_anchor{% for column in of.group %}, v.{{ column }}{% endfor %})
{% endif %}
)
SELECT row_number() OVER (ORDER BY v.trace_anchor, {% if has_preference %}coalesce(m.is_preferred, false) DESC, {% endif %}
    v.superseded_by IS NOT NULL, v.trace_what, v.published_on DESC NULLS LAST, v.dataset, v.edition{% for column in key %}, v.{{ column }}{% endfor %}) AS trace_version, v.*{% if has_preference %}, m.is_preferred, m.preference_reason{% endif %}

FROM version AS v
{% if has_preference %}
LEFT JOIN {{ figures }} AS m
    -- A condition on one side alone would compare every version with every figure instead of hashing them.
    ON m.edition = CASE WHEN v.superseded_by IS NULL THEN v.edition END{% for column in key if column != "edition" %} AND m.{{ column }} IS NOT DISTINCT FROM v.{{ column }}{% endfor %}

{% endif %}
