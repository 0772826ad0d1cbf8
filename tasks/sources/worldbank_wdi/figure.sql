-- Rows of the World Bank in the warehouse's terms, before they go to the fact they belong to.
SELECT
    a.row_number, a.wb_series,
    {{ dataset | sql }} AS dataset,
    -- The European Union of an edition is that of its day; a copy that does not say its day has a place of its own.
    CASE
        WHEN p.place IS NOT NULL AND q.place IS NOT NULL AND p.place <> q.place THEN NULL
        WHEN coalesce(p.place, q.place) <> 'EU27_2020' THEN coalesce(p.place, q.place)
        WHEN coalesce(v.published, a.wb_lastupdated) IS NULL THEN 'WB_EUU'
        WHEN coalesce(v.published, a.wb_lastupdated) < DATE '2004-05-01' THEN 'EU15'
        WHEN coalesce(v.published, a.wb_lastupdated) < DATE '2007-01-01' THEN 'EU25'
        WHEN coalesce(v.published, a.wb_lastupdated) < DATE '2013-07-01' THEN 'EU27_2007'
        WHEN coalesce(v.published, a.wb_lastupdated) < DATE '2020-02-01' THEN 'EU28'
        ELSE 'EU27_2020'
    END AS place,
    m.indicator,
    CASE WHEN contains(a.wb_time, 'Q') THEN 'Q' WHEN contains(a.wb_time, 'M') THEN 'M' ELSE 'A' END AS freq,
    replace(replace(a.wb_time, 'Q', '-Q'), 'M', '-') AS period,
    core.scaled(a.printed_value, u.multiplier, u.quotation) AS value,
    u.base_unit AS unit,
    a.printed_value,
    w.printed_unit,
    CASE WHEN a.printed_value IS NULL OR a.printed_value = '..' THEN 'O' ELSE coalesce(a.obs_status, 'A') END AS obs_status,
    'World Bank' AS publisher,
    CASE WHEN a.wb_version IS NULL THEN 'World Development Indicators: ' ELSE 'WDI Database Archives: ' END
    || a.wb_series || coalesce(' ' || a.wb_series_name, '') AS title,
    'https://data.worldbank.org/indicator/' || a.wb_series AS address,
    coalesce(v.published, a.wb_lastupdated) AS published_on,
    CASE WHEN a.wb_version IS NOT NULL THEN 'month' WHEN a.wb_lastupdated IS NOT NULL THEN 'day' ELSE 'unknown' END AS published_precision,
    CASE WHEN a.wb_version IS NULL AND a.wb_lastupdated IS NULL
        THEN 'a copy without the World Bank''s headings: of which edition it is, is not on record' END AS note
FROM accepted AS a
LEFT JOIN ref.place_code AS p ON p.scheme = 'world_bank' AND p.code = a.wb_country
LEFT JOIN ref.place_code AS q ON q.scheme = 'world_bank_iso2' AND q.code = a.wb_country_id
LEFT JOIN ref.indicator_code AS m ON m.scheme = 'world_bank' AND m.code = a.wb_series
LEFT JOIN (VALUES {% for row in currencies %}({{ row.place | sql }}, {{ row.currency | sql }}, {{ row.first_year }}, {{ row.last_year }}){{ ", " if not loop.last }}{% endfor %}) AS c(place, currency, first_year, last_year)
    ON m.indicator = 'exchange_rate_avg' AND c.place = coalesce(p.place, q.place)
    AND CAST(a.wb_time[1:4] AS INTEGER) BETWEEN c.first_year AND c.last_year
CROSS JOIN LATERAL (SELECT
    CASE WHEN a.wb_version IS NOT NULL
        THEN last_day(make_date(CAST(a.wb_version[1:4] AS INTEGER), CAST(a.wb_version[5:6] AS INTEGER), 1)) END AS published
) AS v
-- A series keeps its code when the year of its constant prices, of its purchasing power or of its index moves on;
-- its name says which year it is, and figures of different years are different figures.
CROSS JOIN LATERAL (SELECT
    CASE
        WHEN m.indicator = 'exchange_rate_avg' THEN coalesce(c.currency, 'LCU') || ' per USD'
        WHEN regexp_matches(a.wb_series_name, 'constant \d{4}') THEN m.printed_unit || ' of ' || regexp_extract(a.wb_series_name, 'constant (\d{4})', 1)
        WHEN regexp_matches(a.wb_series_name, '\d{4} PPP') THEN m.printed_unit || ' at ' || regexp_extract(a.wb_series_name, '\d{4} PPP')
        WHEN regexp_matches(a.wb_series_name, '\d{4}(-\d{4})? = 100') THEN m.printed_unit || ', ' || regexp_extract(a.wb_series_name, '\d{4}(-\d{4})? = 100')
        ELSE m.printed_unit
    END AS printed_unit
) AS w
LEFT JOIN ref.unit AS u ON u.printed_unit = w.printed_unit
