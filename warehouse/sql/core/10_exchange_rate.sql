-- Rates per US dollar, from all that publishers gave for a period; one of them is preferred: the Federal
-- Reserve's, then the IMF's, then the World Bank's, then any other; of places that share the currency the one that
-- issues it; the latest published first. The dollar itself has no rate: it needs no conversion.
CREATE OR REPLACE VIEW ref.exchange_rate AS
SELECT
    split_part(t.unit, ' per ', 1) AS currency, i.fx_kind, t.freq, t.period, t.value AS rate,
    e.source, e.dataset, e.published_on,
    row_number() OVER (
        PARTITION BY split_part(t.unit, ' per ', 1), i.fx_kind, t.freq, t.period
        ORDER BY
            CASE WHEN starts_with(e.dataset, 'federal_reserve') THEN 1 WHEN starts_with(e.dataset, 'imf') THEN 2
                 WHEN starts_with(e.dataset, 'worldbank') THEN 3 ELSE 4 END,
            c.place IS NULL, e.published_on DESC NULLS LAST, e.dataset, t.edition, t.place
    ) = 1 AS preferred
FROM core.indicator AS t
JOIN ref.indicator AS i ON i.indicator = t.indicator AND i.fx_base = 'USD'
JOIN meta.editions AS e ON e.edition = t.edition
LEFT JOIN (SELECT DISTINCT place, currency FROM ref.place_currency WHERE is_issuer) AS c
  ON c.place = t.place AND c.currency = split_part(t.unit, ' per ', 1)
WHERE t.superseded_by IS NULL AND t.value IS NOT NULL AND t.unit <> 'USD per USD';
