-- What each of two economies bought from the other, by the buyers' import statistics (JETRO's habit): one row a direction. The total of
-- both directions is on one row of the pair, that of the exporter that is first in the alphabet, so that it can be added up.
CREATE OR REPLACE VIEW mart.both_import AS
SELECT m.partner AS exporter, m.partner_name AS exporter_name, m.reporter AS importer, m.reporter_name AS importer_name, m.year,
    m.imports_usd AS value_usd, o.imports_usd AS opposite_value_usd,
    CASE WHEN m.partner < m.reporter THEN CAST(m.imports_usd + o.imports_usd AS DECIMAL(20, 3)) END AS total_usd,
    CAST(m.imports_usd - o.imports_usd AS DECIMAL(20, 3)) AS balance_usd,
    m.imports_valuation AS valuation, m.imports_from AS value_from, o.imports_from AS opposite_from
FROM mart.trade AS m
LEFT JOIN mart.trade AS o
  ON o.reporter = m.partner AND o.partner = m.reporter AND o.year = m.year AND o.imports_usd IS NOT NULL
WHERE m.partner <> '_X' AND m.reporter <> '_X' AND m.reporter <> m.partner AND m.imports_usd IS NOT NULL;
