-- Rates per US dollar, from all that publishers gave for a period; one of them is preferred: the Federal
-- Reserve's, then the IMF's, then the World Bank's, then any other, the latest published first. A currency of
-- several places has one rate a place: the euro area's own goes before its members'. Rates in local currency
-- units (LCU) do not say whose, so they convert nothing.
CREATE OR REPLACE VIEW ref.exchange_rate AS
SELECT
    split_part(t.unit, ' per ', 1) AS currency, i.fx_kind, t.freq, t.period, t.value AS rate,
    e.source, e.dataset, e.published_on,
    row_number() OVER (
        PARTITION BY split_part(t.unit, ' per ', 1), i.fx_kind, t.freq, t.period
        ORDER BY
            CASE WHEN starts_with(e.dataset, 'federal_reserve') THEN 1 WHEN starts_with(e.dataset, 'imf') THEN 2
                 WHEN starts_with(e.dataset, 'worldbank') THEN 3 ELSE 4 END,
            t.place <> 'EMU' AND t.unit = 'EUR per USD', e.published_on DESC NULLS LAST, e.dataset, t.edition, t.place
    ) = 1 AS preferred
FROM core.indicator AS t
JOIN ref.indicator AS i ON i.indicator = t.indicator AND i.fx_base = 'USD'
JOIN meta.editions AS e ON e.edition = t.edition
WHERE t.superseded_by IS NULL AND t.value IS NOT NULL AND NOT starts_with(t.unit, 'LCU');
