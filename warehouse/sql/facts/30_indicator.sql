-- One figure for each place, indicator, unit and year. Exchange rates are in exchange_rates. Groups are here beside economies: choose
-- place_kind before adding. Amounts in "LCU", whose currency the publisher does not name, are in the place's present currency,
-- to which the World Bank converts a whole series.
-- A version keeps the edition that first stated its value, and a later release that states the same adds none. So two years of
-- different editions are of one release where the newer edition also covers the older year: then there is no seam.
{{ stored("mart.indicator") }} AS
WITH currency_of AS (
    SELECT place, arg_max(currency, coalesce(valid_from, DATE '0001-01-01')) AS currency
    FROM ref.place_currency WHERE valid_to IS NULL GROUP BY ALL
),
kind_of AS (
    SELECT indicator, unit_kind IN ('money', 'count', 'length', 'area') AS is_of_amounts, NOT regexp_matches(name,
        '(?i)\b(per capita|per (employed|person|worker|adult|surgical)|growth|index|ratio\b|deflator|price level|average|annual %|cost to|number of sources|procedures)')
        AS is_amount
    FROM ref.indicator WHERE unit_kind <> 'exchange_rate'
),
figure AS (
    SELECT f.* EXCLUDE (unit), coalesce(f.published_on, f.known_from::DATE) AS ordered_by, f.unit AS unit_as_published,
        CASE WHEN n.is_amount AND (n.is_of_amounts OR f.unit IN ('Mt CO2e', 'TEU', 'articles', 'billion cubic meters', 'hectares', 'kWh', 'metric tons',
                'million passenger-km', 'million ton-km', 'sq. km', 'persons, net'))
            THEN 'places of one kind' ELSE 'nothing' END AS additive_over,
        CASE WHEN starts_with(f.unit, 'LCU') THEN replace(f.unit, 'LCU', coalesce(c.currency, 'currency of ' || f.place)) ELSE f.unit END AS unit
    FROM mart.indicator_figures AS f
    JOIN kind_of AS n USING (indicator)
    LEFT JOIN currency_of AS c ON c.place = f.place AND starts_with(f.unit, 'LCU')
    WHERE f.is_preferred AND f.freq = 'A' AND f.value IS NOT NULL
),
reach AS (
    SELECT edition, indicator, min(CAST(period[1:4] AS INTEGER)) AS first_year, max(CAST(period[1:4] AS INTEGER)) AS last_year
    FROM core.indicator WHERE freq = 'A' GROUP BY edition, indicator
),
rate AS (
    SELECT currency, CAST(period AS INTEGER) AS year, rate FROM ref.exchange_rate WHERE preferred AND fx_kind = 'avg' AND freq = 'A'
)
SELECT f.place, f.place_name, f.place_kind, f.indicator, f.indicator_name, f.unit, f.unit_as_published, f.year,
    CAST(f.value AS DECIMAL(28, 6)) AS value, CAST(f.value AS DECIMAL(28, 6)) <> f.value AS is_rounded, f.printed_value, f.printed_unit,
    CAST(CASE WHEN f.unit = 'USD' THEN f.value ELSE core.to_usd(f.value, r.rate) END AS DECIMAL(20, 2)) AS value_usd,
    f.additive_over,
    f.source, f.dataset, f.publisher, f.published_on, f.published_precision, f.artifact, f.obs_status AS status, f.other_figures, f.spread,
    CASE WHEN lag(f.year) OVER series IS NULL OR lag(f.edition) OVER series = f.edition THEN false
         WHEN lag(f.dataset) OVER series <> f.dataset THEN true
         WHEN f.ordered_by >= lag(f.ordered_by) OVER series
         THEN NOT lag(f.year) OVER series BETWEEN e.first_year AND e.last_year
         ELSE NOT f.year BETWEEN lag(e.first_year) OVER series AND lag(e.last_year) OVER series END AS is_seam
FROM figure AS f
LEFT JOIN rate AS r ON r.currency = f.unit AND r.year = f.year
JOIN reach AS e ON e.edition = f.edition AND e.indicator = f.indicator
WINDOW series AS (PARTITION BY f.place, f.indicator, f.unit ORDER BY f.year)
ORDER BY indicator, place, unit, year;

-- The newest part of each series that is of one release: growth over its years is not across a seam.
CREATE OR REPLACE VIEW mart.indicator_one_release AS
FROM mart.indicator
QUALIFY NOT coalesce(bool_or(is_seam) OVER (
    PARTITION BY place, indicator, unit ORDER BY year DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false);

-- One row a currency and period, in units of the currency per US dollar, with the period's average and its end beside each other: in rows
-- they would double a join. Rates of amounts cumulated from January are those of January and of the year, which are here. Rates have nine decimals, so that they can be multiplied with amounts; old rates below a billionth are 0
-- there and whole in the columns "…_exact".
{% macro rate(kind, column) %}any_value({{ column }}) FILTER (fx_kind = '{{ kind }}'){% endmacro %}
{{ stored("mart.exchange_rates") }} AS
WITH rate AS (
    SELECT currency, fx_kind, freq, period, rate,
        struct_pack(source := r.source, dataset := r.dataset, publisher := c.publisher, published_on := r.published_on,
            published_precision := e.published_precision, artifact := e.artifact, status := NULL::VARCHAR, valuation := NULL::VARCHAR,
            currency := currency, method := quoted, total_method := NULL::VARCHAR, other_figures := (count(*) OVER cell - 1)::INTEGER,
            spread := round((max(rate) OVER cell - min(rate) OVER cell) / rate::DOUBLE, 6)) AS origin
    FROM ref.exchange_rate AS r
    JOIN meta.editions AS e USING (edition)
    LEFT JOIN meta.citations AS c ON c.citation = e.citation
    WHERE freq <> 'YTD'
    WINDOW cell AS (PARTITION BY currency, fx_kind, freq, period)
    QUALIFY preferred
)
SELECT currency, freq, period, CAST(period[1:4] AS INTEGER) AS year,
    CAST({{ rate("avg", "rate") }} AS DECIMAL(20, 9)) AS average, CAST({{ rate("eop", "rate") }} AS DECIMAL(20, 9)) AS end_of_period,
    {{ rate("avg", "rate") }} AS average_exact, {{ rate("eop", "rate") }} AS end_of_period_exact,
    {{ rate("avg", "origin") }} AS average_from, {{ rate("eop", "origin") }} AS end_of_period_from
FROM rate
GROUP BY currency, freq, period
ORDER BY currency, period;
