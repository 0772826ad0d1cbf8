-- A service's pause is never shortened by a later answer.
INSERT INTO block (source, has_key, until) VALUES (:source, :has_key, :until)
ON CONFLICT DO UPDATE SET until = max(until, excluded.until)
