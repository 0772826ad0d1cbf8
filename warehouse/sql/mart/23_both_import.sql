-- Trade between two economies on the both-import basis (JETRO's habit): what each side sold is taken from the
-- other side's import statistics, as one dataset publishes them.
CREATE OR REPLACE VIEW mart.both_import AS
SELECT
    t.source, t.dataset, t.partner AS exporter, t.partner_name AS exporter_name, t.reporter AS importer, t.reporter_name AS importer_name,
    t.classification, t.product, t.freq, t.period, t.year, t.value_usd,
    m.value_usd AS opposite_value_usd, CAST(m.value_usd + t.value_usd AS DECIMAL(18, 3)) AS total_usd,
    CAST(t.value_usd - m.value_usd AS DECIMAL(18, 3)) AS balance_usd,
    t.published_on, t.known_from, t.artifact
FROM mart.trade AS t
LEFT JOIN (FROM mart.trade WHERE flow = 'import') AS m
  ON m.source = t.source AND m.dataset = t.dataset AND m.reporter = t.partner AND m.partner = t.reporter
 AND m.valuation = t.valuation AND m.classification = t.classification AND m.product = t.product AND m.freq = t.freq AND m.period = t.period
WHERE t.flow = 'import' AND t.partner <> 'WLD';
