SELECT
    a.row_number, a.dataset,
    a.place, a.counterpart, a.indicator, a.freq, a.period,
    core.scaled(a.printed_value, u.multiplier, u.quotation) AS value,
    u.base_unit AS unit,
    a.printed_value, a.printed_unit, a.obs_status,
    a.publisher, a.title, a.address, a.published_on, a.published_precision, a.seen_via, a.note
FROM accepted AS a
LEFT JOIN ref.unit AS u USING (printed_unit)
