SELECT
    a.row_number, a.dataset,
    a.concept, a.direction, a.reporter, a.counterpart, a.measure, a.rate_basis, a.freq, a.period,
    core.percent(core.scaled(a.printed_value, 1, 1)) AS value,
    a.printed_value, a.printed_unit, a.obs_status,
    a.publisher, a.title, a.address, a.published_on, a.published_precision, a.seen_via, a.note
FROM accepted AS a
