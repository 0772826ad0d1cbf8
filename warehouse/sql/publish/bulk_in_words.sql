CREATE OR REPLACE VIEW trade_part_doubt AS
{% if doubts %}
SELECT part, doubt FROM (VALUES {% for part, doubt in doubts %}({{ part }}, {{ doubt | sql }}){{ ", " if not loop.last }}{% endfor %}) AS d (part, doubt);
{% else %}
SELECT NULL::INTEGER AS part, NULL::VARCHAR AS doubt WHERE false;
{% endif %}
CREATE OR REPLACE VIEW bulk_figures AS
SELECT e.source, i.place AS reporter, i.name AS reporter_name, j.place AS partner, j.name AS partner_name,
    s.flow, s.valuation, s.basis, s.classification, p.product, p.name AS product_name, s.freq, s.period,
    t.value, s.currency, t.net_weight_kg, CASE WHEN d.doubt IS NOT NULL AND n.obs_status = 'A' THEN 'U' ELSE n.obs_status END AS obs_status, e.published_on, e.published_precision, e.artifact, e.dataset,
    c.publisher, c.title, c.address, n.edition
FROM 'core_trade_bulk/*.parquet' AS t
JOIN 'core_trade_part.parquet' AS n ON n.part = t.part
LEFT JOIN trade_part_doubt AS d ON d.part = t.part
JOIN 'core_trade_slice.parquet' AS s ON s.slice = n.slice
JOIN 'meta_editions.parquet' AS e ON e.edition = n.edition
LEFT JOIN 'meta_citations.parquet' AS c ON c.citation = coalesce(n.citation, e.citation)
JOIN 'ref_place.parquet' AS i ON i.place_key = t.reporter_key
JOIN 'ref_place.parquet' AS j ON j.place_key = t.partner_key
JOIN 'core_trade_product.parquet' AS p ON p.product_number = t.product_number;
