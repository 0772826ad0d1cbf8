{% import "claims/verdicts.sql" as c %}
SELECT figure, source, published_on, about, supports, off_by FROM ({{ c.measured([claim]) }}) ORDER BY supports, source, about, figure
