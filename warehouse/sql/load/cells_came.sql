-- How many cells of accepted rows have a value, how many come only empty, and how many their series lack: of the periods that any
-- series of their frequency has, and of those that were asked for up to now.
WITH cell AS (
    SELECT ({{ series }}) AS series, freq, period, bool_or(value IS NOT NULL) AS has_value FROM {{ view }} GROUP BY ALL
),
due AS (
    SELECT DISTINCT freq, period FROM cell
{% if scope.first is not none and scope.last is not none %}
    UNION
    SELECT freq, CASE freq WHEN 'A' THEN strftime(month, '%Y') WHEN 'Q' THEN strftime(month, '%Y-Q') || quarter(month) ELSE strftime(month, '%Y-%m') END
    FROM (SELECT DISTINCT freq FROM cell WHERE freq IN ('A', 'Q', 'M')),
        range(DATE '{{ scope.first }}-01-01', least(DATE '{{ scope.last }}-12-31', today()), INTERVAL 1 MONTH) AS months(month)
{% endif %}
)
SELECT count(*) FILTER (has_value), count(*) FILTER (NOT has_value),
    (SELECT count(*) FROM (SELECT DISTINCT series, freq FROM cell) AS s JOIN due AS d USING (freq)
     WHERE NOT EXISTS (FROM cell AS c WHERE c.series = s.series AND c.freq = s.freq AND c.period = d.period))
FROM cell
