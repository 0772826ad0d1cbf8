-- What is here of which source, for which place and period, and how much of it has no value. Distances have no period.
CREATE OR REPLACE VIEW mart.coverage AS
SELECT
    f.fact, f.source, f.dataset, f.place, p.name AS place_name, f.freq, f.period, CAST(f.period[1:4] AS INTEGER) AS year,
    count(*) AS figures, count(*) FILTER (f.obs_status IN ({{ missing_statuses | map("sql") | join(", ") }})) AS figures_missing,
    max(f.published_on) AS published_on, max(f.known_from) AS known_from
FROM (
    SELECT 'trade' AS fact, source, dataset, reporter AS place, freq, period, obs_status, published_on, known_from FROM mart.trade
    UNION ALL SELECT 'fdi', source, dataset, reporter, freq, period, obs_status, published_on, known_from FROM mart.fdi
    UNION ALL SELECT 'fdi_rate', source, dataset, reporter, freq, period, obs_status, published_on, known_from FROM mart.fdi_rate
    UNION ALL SELECT 'indicator', source, dataset, place, freq, period, obs_status, published_on, known_from FROM mart.indicator
    UNION ALL SELECT 'pair', source, dataset, place, freq, period, obs_status, published_on, known_from FROM mart.pair
    UNION ALL SELECT 'presence', source, dataset, place, freq, period, obs_status, published_on, known_from FROM mart.presence
) AS f
JOIN ref.place AS p ON p.place = f.place
GROUP BY ALL;
