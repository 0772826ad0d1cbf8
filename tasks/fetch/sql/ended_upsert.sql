INSERT INTO ended (source, kind, at, fault, in_a_row, is_layout_changed)
VALUES (:source, :kind, :at, :fault, :fault IS NOT NULL, :is_layout)
ON CONFLICT DO UPDATE SET
    at = excluded.at, fault = excluded.fault, is_layout_changed = excluded.is_layout_changed,
    in_a_row = CASE WHEN excluded.fault IS NULL THEN 0 ELSE in_a_row + 1 END
