INSERT INTO pace (source, next_free) VALUES (:source, :next_free)
ON CONFLICT DO UPDATE SET next_free = excluded.next_free
