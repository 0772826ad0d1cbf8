INSERT INTO plan (digest, source, begun_at, touched_at) VALUES (:digest, :source, :now, :now)
