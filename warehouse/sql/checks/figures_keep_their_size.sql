-- No figure is eight times, or an eighth, of what other publishers, its partner, or the periods before and after say; such figures are marked with status U
-- severity: warning
SELECT 'indicator' AS fact, e.source, e.dataset, d.place, d.indicator AS subject, d.period, d.doubt
FROM core.indicator_doubt AS d JOIN meta.editions AS e ON e.edition = d.edition
UNION ALL
SELECT 'fdi', e.source, e.dataset, d.reporter, d.direction || ' from or to ' || d.counterpart, d.period, d.doubt
FROM core.fdi_doubt AS d JOIN meta.editions AS e ON e.edition = d.edition
UNION ALL
SELECT 'trade', e.source, e.dataset, r.place, s.flow || ' with ' || p.place, s.period, d.doubt
FROM core.trade_doubt AS d
JOIN meta.editions AS e ON e.edition = d.edition
JOIN core.trade_slice AS s ON s.slice = d.slice
JOIN ref.place AS r ON r.place_key = d.reporter_key
JOIN ref.place AS p ON p.place_key = d.partner_key
UNION ALL
SELECT 'trade', e.source, e.dataset, NULL, s.flow || ', a part of the figures or all', s.period, d.doubt
FROM core.trade_part_doubt AS d
JOIN core.trade_part AS t ON t.part = d.part
JOIN meta.editions AS e ON e.edition = t.edition
JOIN core.trade_slice AS s ON s.slice = t.slice
