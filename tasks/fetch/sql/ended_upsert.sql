INSERT INTO ended (source, kind, at, fault, in_a_row)
VALUES (:source, :kind, :at, :fault, :fault IS NOT NULL)
ON CONFLICT DO UPDATE SET
    at = excluded.at, fault = excluded.fault, in_a_row = CASE WHEN excluded.fault IS NULL THEN 0 ELSE in_a_row + 1 END
