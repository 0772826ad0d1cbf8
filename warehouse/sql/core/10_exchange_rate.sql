-- Rates per US dollar, from all that publishers gave for a period; one of them is preferred: the Federal
-- Reserve's, then the IMF's, then the World Bank's, then any other, the latest published first, then one read from
-- the publisher before one that comes with the project. Dollars per unit are turned round; rates per euro are
-- divided by the same publication's dollars per euro. Rates of single days convert nothing and are left out.
CREATE OR REPLACE VIEW ref.exchange_rate AS
WITH printed AS (
    SELECT split_part(t.unit, ' per ', 1) AS currency, split_part(t.unit, ' per ', 2) AS base,
        t.indicator, i.fx_kind, t.freq, t.period, t.value AS rate, e.source, e.dataset, e.published_on, t.edition
    FROM core.indicator AS t
    JOIN ref.indicator AS i ON i.indicator = t.indicator AND i.fx_base IS NOT NULL AND i.fx_kind IS NOT NULL
    JOIN meta.editions AS e ON e.edition = t.edition
    WHERE t.superseded_by IS NULL AND t.value > 0
),
per_dollar AS (
    SELECT currency, fx_kind, freq, period, rate, 'as_printed' AS quoted, source, dataset, published_on, edition
    FROM printed
    WHERE base = 'USD'
    UNION ALL
    SELECT base, fx_kind, freq, period, core.ratio(1, rate), 'turned_round', source, dataset, published_on, edition
    FROM printed
    WHERE currency = 'USD'
    UNION ALL
    SELECT p.currency, p.fx_kind, p.freq, p.period, core.ratio(p.rate, d.rate), 'through_euro', p.source, p.dataset,
        greatest(p.published_on, d.published_on), greatest(p.edition, d.edition)
    FROM printed AS p
    JOIN printed AS d USING (source, dataset, indicator, freq, period, base)
    WHERE p.base = 'EUR' AND p.currency <> 'USD' AND d.currency = 'USD'
)
SELECT
    currency, fx_kind, freq, period, rate, quoted, source, dataset, published_on,
    row_number() OVER (
        PARTITION BY currency, fx_kind, freq, period
        ORDER BY
            CASE WHEN starts_with(dataset, 'federal_reserve') THEN 1 WHEN starts_with(dataset, 'imf') THEN 2
                 WHEN starts_with(dataset, 'worldbank') THEN 3 ELSE 4 END,
            published_on DESC NULLS LAST, source = 'curated', dataset, quoted, edition
    ) = 1 AS preferred
FROM per_dollar
WHERE rate IS NOT NULL;
