SELECT
    a.row_number, a.dataset,
    a.reporter, a.partner, a.flow, a.valuation, a.basis, a.classification, p.product, a.freq, a.period,
    core.trade_amount(core.scaled(a.printed_value, u.multiplier, u.quotation)) AS value,
    CASE WHEN u.kind = 'money' THEN u.currency END AS currency,
    a.obs_status,
    a.publisher, a.title, a.address, a.published_on, a.published_precision, a.seen_via, a.note
FROM accepted AS a
LEFT JOIN ref.unit AS u USING (printed_unit)
-- A product that its classification does not have becomes NULL, and the row is refused.
LEFT JOIN ref.product AS p ON p.classification = a.classification AND p.product = a.product
