-- What is here of which source, for which place and period, and how much of it has no value, no amount in dollars (for want of a rate of
-- its period) or no date of publication, and how much is the preferred figure of its cell. Distances have no period.
{{ stored("mart.coverage") }} AS
SELECT
    f.fact, f.source, f.dataset, f.place, p.name AS place_name, f.freq, f.period, CAST(f.period[1:4] AS INTEGER) AS year,
    count(*) AS figures, count(*) FILTER (f.obs_status IN ({{ missing_statuses | map("sql") | join(", ") }})) AS figures_missing,
    count(*) FILTER (f.lacks_usd) AS figures_without_usd, count(*) FILTER (f.published_on IS NULL) AS figures_undated,
    count(*) FILTER (f.is_preferred) AS figures_preferred,
    max(f.published_on) AS published_on, max(f.known_from) AS known_from
FROM (
    {% for fact, table, place, lacks_usd, is_preferred in (
        ("trade", "trade_figures", "reporter", "value IS NOT NULL AND value_usd IS NULL", "is_preferred"),
        ("fdi", "fdi_figures", "reporter", "value IS NOT NULL AND value_usd IS NULL", "is_preferred"),
        ("fdi_rate", "fdi_rate", "reporter", "false", "true"), ("indicator", "indicator_figures", "place", "false", "is_preferred"),
        ("pair", "pair", "place", "false", "true"), ("presence", "presence_figures", "place", "false", "is_preferred"),
    ) %}
    SELECT '{{ fact }}' AS fact, source, dataset, {{ place }} AS place, freq, period, obs_status, {{ lacks_usd }} AS lacks_usd,
        {{ is_preferred }} AS is_preferred, published_on, known_from
    FROM mart.{{ table }}
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
) AS f
JOIN ref.place AS p ON p.place = f.place
GROUP BY ALL
ORDER BY fact, source, dataset, place, freq, period;
