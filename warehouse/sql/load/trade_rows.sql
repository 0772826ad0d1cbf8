-- Conformed trade in the columns core.trade keeps: integer keys instead of codes.
SELECT
    s.slice, i.place_key AS reporter_key, j.place_key AS partner_key, p.product_key,
    r.value, r.quantity, r.net_weight_kg, r.obs_status,
    r.dataset, r.published_on, r.row_number,
    r.publisher, r.title, r.address, r.seen_via, r.note, r.published_precision
FROM {{ rows }} AS r
JOIN core.trade_slice AS s
  ON s.flow = r.flow AND s.valuation = r.valuation AND s.basis IS NOT DISTINCT FROM r.basis
 AND s.classification = r.classification AND s.freq = r.freq AND s.period = r.period
 AND s.currency = r.currency AND s.quantity_unit IS NOT DISTINCT FROM r.quantity_unit
JOIN ref.place AS i ON i.place = r.reporter
JOIN ref.place AS j ON j.place = r.partner
JOIN ref.product AS p ON p.classification = r.classification AND p.product = r.product
