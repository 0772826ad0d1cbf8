{% import "claims/verdicts.sql" as c %}
{{ c.verdicts([claim]) }}
