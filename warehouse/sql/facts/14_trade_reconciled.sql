{% import "shared/versions.sql" as v %}
-- BACI: one reconciled figure for each exporter, importer, product and year. A view over the stored rows, since a copy of a hundred
-- million rows would double the file. Where two editions of the classification cover a year, the one whose years reach further
-- back is taken, so that a series has one edition; it is chosen by whole files, which costs nothing per row.
{{ stored("core.reconciled_part") }} AS
WITH part AS (
    SELECT t.part, s.classification, CAST(s.period[1:4] AS INTEGER) AS year, e.source, e.dataset, e.published_on, e.published_precision,
        e.artifact, {{ v.status("t.obs_status::VARCHAR", "d.doubt") }} AS status, c.publisher
    FROM core.trade_part AS t
    LEFT JOIN core.trade_part_doubt AS d ON d.part = t.part
    JOIN core.trade_slice AS s USING (slice)
    JOIN meta.editions AS e USING (edition)
    LEFT JOIN meta.citations AS c ON c.citation = coalesce(t.citation, e.citation)
    WHERE t.superseded_by IS NULL
),
reach AS (SELECT dataset, classification, min(year) AS since, max(published_on) AS published_on FROM part GROUP BY ALL)
SELECT p.* FROM part AS p JOIN reach AS r USING (dataset, classification)
QUALIFY rank() OVER (PARTITION BY p.year ORDER BY r.since, r.published_on DESC NULLS LAST, r.dataset, r.classification) = 1;

CREATE OR REPLACE VIEW mart.trade_reconciled AS
SELECT i.place AS exporter, i.name AS exporter_name, j.place AS importer, j.name AS importer_name,
    s.classification, p.product, p.name AS product_name, s.year, t.value AS value_usd, t.net_weight_kg,
    s.source, s.dataset, s.publisher, s.published_on, s.published_precision, s.artifact, s.status
FROM core.trade_bulk AS t
JOIN core.reconciled_part AS s ON s.part = t.part
JOIN ref.place AS i ON i.place_key = t.reporter_key
JOIN ref.place AS j ON j.place_key = t.partner_key
JOIN core.trade_product AS p ON p.product_number = t.product_number;
