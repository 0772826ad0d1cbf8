-- The records of a commodity table, each once for the year so far (month 0) and once for every published month.
{% macro figures(months) %}
[{% for month in months %}
{statistical_month: '{{ month.number }}', last_month: '{{ month.last }}', quantity_1: trim("Quantity1-{{ month.heading }}"),
    quantity_2: trim("Quantity2-{{ month.heading }}"), thousand_yen: trim("Value-{{ month.heading }}"),
    release_stage: CAST({{ month.stage | sql }} AS VARCHAR)}{{ ", " if not loop.last }}
{% endfor %}]
{% endmacro %}
SELECT
    trim("Exp or Imp") AS exp_or_imp, trim("Year") AS statistical_year,
    {% if has_country %}
    trim("Country") AS country_code,
    {% endif %}
    trim("HS", ''' ') AS statistical_code, nullif(trim("Unit1"), '') AS unit_1, nullif(trim("Unit2"), '') AS unit_2, f.*
FROM (
    SELECT record, * EXCLUDE (record, months), unnest(months) AS f
    FROM (
        SELECT
            row_number() OVER () AS record, *,
            {% if by_direction %}
            CASE "Exp or Imp"
                {% for direction, months in by_direction.items() %}
                WHEN {{ direction | sql }} THEN {{ figures(months) }}
                {% endfor %}
                ELSE {{ figures([otherwise]) }}
            END AS months
            {% else %}
            {{ figures([otherwise]) }} AS months
            {% endif %}
        FROM {{ records }}
    )
)
ORDER BY record, CAST(f.statistical_month AS INTEGER)
