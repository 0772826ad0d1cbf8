-- Rates per US dollar, from all that publishers gave for a period; one of them is preferred: the Federal
-- Reserve's, then the IMF's, then the World Bank's, then any other; of places that share the currency the one that
-- issues it; the latest published first, then one read from the publisher before one that comes with the project.
-- Dollars per unit are turned round; rates per euro are divided by the same publication's dollars per euro. Rates of
-- single days convert nothing and are left out, and so are those in "local currency units", which do not say whose.
-- The dollar itself has no rate: it needs no conversion. Amounts cumulated from January have a rate where their period is
-- a month or a year of its own: January's is the month's, December's the year's. Between them nobody publishes one, and an
-- average of averages would not weigh the months by what was traded in them.
{{ stored("ref.exchange_rate") }} AS
WITH printed AS (
    SELECT split_part(t.unit, ' per ', 1) AS currency, split_part(t.unit, ' per ', 2) AS base,
        t.indicator, i.fx_kind, t.freq, t.period, t.value AS rate, e.source, e.dataset, e.published_on, t.edition, t.place
    FROM core.indicator AS t
    JOIN ref.indicator AS i ON i.indicator = t.indicator AND i.fx_base IS NOT NULL AND i.fx_kind IS NOT NULL
    JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value > 0 AND NOT starts_with(t.unit, 'LCU') AND t.unit <> 'USD per USD'
),
per_dollar AS (
    SELECT currency, fx_kind, freq, period, rate, 'as_printed' AS quoted, source, dataset, published_on, edition, place
    FROM printed
    WHERE base = 'USD'
    UNION ALL
    SELECT base, fx_kind, freq, period, core.ratio(1, rate), 'turned_round', source, dataset, published_on, edition, place
    FROM printed
    WHERE currency = 'USD'
    UNION ALL
    SELECT p.currency, p.fx_kind, p.freq, p.period, core.ratio(p.rate, d.rate), 'through_euro', p.source, p.dataset,
        greatest(p.published_on, d.published_on), greatest(p.edition, d.edition), p.place
    FROM printed AS p
    JOIN printed AS d USING (source, dataset, indicator, freq, period, base)
    WHERE p.base = 'EUR' AND p.currency <> 'USD' AND d.currency = 'USD'
),
of_periods AS (
    FROM per_dollar
    UNION ALL
    SELECT * REPLACE ('YTD' AS freq) FROM per_dollar WHERE fx_kind = 'avg' AND freq = 'M' AND ends_with(period, '-01')
    UNION ALL
    SELECT * REPLACE ('YTD' AS freq, period || '-12' AS period) FROM per_dollar WHERE fx_kind = 'avg' AND freq = 'A'
)
SELECT
    r.currency, r.fx_kind, r.freq, r.period, r.rate, r.quoted, r.source, r.dataset, r.published_on, r.edition,
    row_number() OVER (
        PARTITION BY r.currency, r.fx_kind, r.freq, r.period
        ORDER BY
            CASE WHEN starts_with(r.dataset, 'federal_reserve') THEN 1 WHEN starts_with(r.dataset, 'imf') THEN 2
                 WHEN starts_with(r.dataset, 'worldbank') THEN 3 ELSE 4 END,
            c.place IS NULL, r.published_on DESC NULLS LAST, r.source = 'curated', r.dataset, r.quoted, r.edition, r.place
    ) = 1 AS preferred
FROM of_periods AS r
LEFT JOIN (SELECT DISTINCT place, currency FROM ref.place_currency WHERE is_issuer) AS c
  ON c.place = r.place AND c.currency = r.currency
WHERE r.rate IS NOT NULL
ORDER BY ALL;
