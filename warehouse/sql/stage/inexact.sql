{# Whether the text of a column was not read exactly as the column's type: a cast failed, or lost or made up something.
   A regular expression for each value would cost as much as reading it. So the text's length is compared with that of
   the number first, and only text of unusual form is put to the expression, as are numbers of more than nine digits before
   the point. #}
{% macro lost(column) -%}
{% set text, value = '"' ~ column.text ~ '"', '"' ~ column.name ~ '"' -%}
({{ text }} IS NOT NULL AND ({{ value }} IS NULL OR
{%- if column.kind == "whole" %} {{ whole(text, value) }}
{%- elif column.kind == "decimal" %} {{ decimal(text, value, column.scale) }}
{%- elif column.kind == "date" %} {{ date(text) }}
{%- else %} {{ text }} NOT IN ('true', 'false')
{%- endif %}))
{%- endmacro %}

{% macro whole(text, number) -%}
((strlen({{ text }}) <> {{ digits(number) }} OR {{ is_unusual(number) }}
  OR contains({{ text }}, 'e') OR contains({{ text }}, 'E') OR contains({{ text }}, '_')) AND NOT regexp_full_match({{ text }}, '[+-]?[0-9]+'))
{%- endmacro %}

{% macro decimal(text, number, scale) -%}
((strlen({{ text }}) > {{ digits(number) }} + {{ scale + 1 }} OR {{ is_unusual(number) }}
  OR {{ text }} < '0' OR right({{ text }}, 1) < '0'
  OR contains({{ text }}, 'e') OR contains({{ text }}, 'E') OR contains({{ text }}, '_'))
 AND NOT regexp_full_match({{ text }}, '[+-]?[0-9]*(\.[0-9]{0,{{ scale }}}0*)?'))
{%- endmacro %}

{# DuckDB reads the year 0000 as 1 BC, which Python has no date for. #}
{% macro date(text) -%}
NOT (regexp_full_match({{ text }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND {{ text }} >= '0001')
{%- endmacro %}

{# How many digits a number that is not unusual has before the point, without a branch. #}
{% macro digits(number) -%}
1{% for n in range(1, 9) %} + ({{ number }} >= 1{{ "0" * n }})::TINYINT{% endfor %}
{%- endmacro %}

{% macro is_unusual(number) -%}
{{ number }} < 0 OR {{ number }} >= 1000000000
{%- endmacro %}
