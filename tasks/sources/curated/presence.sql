SELECT
    a.row_number, a.dataset,
    a.place, a.origin, a.counting_unit, a.freq, a.period,
    CASE WHEN length(a.as_of) = 7 THEN last_day(TRY_CAST(a.as_of || '-01' AS DATE)) ELSE TRY_CAST(a.as_of AS DATE) END AS as_of,
    CASE WHEN u.kind = 'count' THEN core.whole(core.scaled(a.printed_value, u.multiplier, u.quotation)) END AS value,
    a.approximate,
    a.printed_value, a.printed_unit, a.obs_status,
    a.publisher, a.title, a.address, a.published_on, a.published_precision, a.seen_via, a.note
FROM accepted AS a
LEFT JOIN ref.unit AS u USING (printed_unit)
