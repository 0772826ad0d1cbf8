-- UNCTAD's inward FDI performance index, of the year and the two before: share in the world's inflow over share in its GDP. Inflows are UNCTAD's,
-- each economy's published total, and the world's is the published one.
{{ stored("mart.fdi_performance") }} AS
WITH inflow AS (SELECT a AS place, year, value AS inflow FROM core.fdi_cell WHERE measure = 'unctad_inflow' AND b = '_T'),
gdp AS (SELECT place, year, value_usd AS gdp FROM mart.indicator WHERE indicator = 'gdp' AND unit = 'USD'),
yearly AS (
    SELECT i.place, i.year, i.inflow, w.inflow AS world_inflow, g.gdp, v.gdp AS world_gdp
    FROM inflow AS i
    LEFT JOIN inflow AS w ON w.place = '_T' AND w.year = i.year
    LEFT JOIN gdp AS g ON g.place = i.place AND g.year = i.year
    LEFT JOIN gdp AS v ON v.place = 'WLD' AND v.year = i.year
    WHERE i.place <> '_T'
),
-- A year counts in its own index and in those of the two years after it.
window_of AS (SELECT *, unnest([year, year + 1, year + 2]) AS last_year FROM yearly)
SELECT w.place, p.name AS place_name, w.last_year AS year, min(w.year)::INTEGER AS first_year, count(*) AS years,
    avg(w.inflow)::DECIMAL(20, 2) AS inflow_usd, avg(w.world_inflow)::DECIMAL(20, 2) AS world_inflow_usd, avg(w.gdp)::DECIMAL(20, 2) AS gdp_usd, avg(w.world_gdp)::DECIMAL(20, 2) AS world_gdp_usd,
    mart.unctad_inward_fdi_performance(w.year, w.inflow, w.world_inflow, w.gdp, w.world_gdp) AS fdi_performance,
    CASE WHEN fdi_performance IS NOT NULL THEN NULL WHEN count(*) < 3 THEN 'fewer than three years in a row have an inflow'
         WHEN count(w.world_inflow) < 3 THEN 'a year has no inflow of the world' ELSE 'a year has no gross domestic product of the economy or the world' END AS why_not
FROM window_of AS w JOIN ref.place AS p ON p.place = w.place
WHERE w.last_year IN (SELECT year FROM inflow WHERE place = w.place)
GROUP BY w.place, p.name, w.last_year
ORDER BY place, year;
