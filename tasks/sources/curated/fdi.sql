-- Amounts of the World Bank and of UNCTAD's bilateral tables have the digits of their arithmetic: they are rounded to a millionth of a
-- dollar, as those of their own files.
SELECT
    a.row_number, a.dataset,
    a.concept, a.accounting, a.direction, a.principle, a.instrument, a.derivation, a.sector_scope,
    a.reporter, a.counterpart, a.industry, a.freq, a.period,
    CASE WHEN starts_with(a.dataset, 'worldbank.') OR starts_with(a.dataset, 'unctad.bilateral.') THEN CAST(core.scaled(a.printed_value, u.multiplier, u.quotation) AS DECIMAL(38, 6))
         ELSE core.money(core.scaled(a.printed_value, u.multiplier, u.quotation)) END AS value,
    CASE WHEN u.kind = 'money' THEN u.currency END AS currency,
    a.printed_value, a.printed_unit, a.obs_status,
    a.publisher, a.title, a.address, a.published_on, a.published_precision, a.seen_via, a.note
FROM accepted AS a
LEFT JOIN ref.unit AS u USING (printed_unit)
