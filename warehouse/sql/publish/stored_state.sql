-- What is stored, as three texts: editions, rows in quarantine, and the identity of the last load of each file, without when
-- they were received and from which bytes.
SELECT
    (SELECT string_agg(md5(e::VARCHAR), '' ORDER BY e.edition) FROM (SELECT * EXCLUDE (artifact) FROM meta.editions) AS e),
    (SELECT string_agg(md5(q::VARCHAR), '' ORDER BY q.artifact, q.table_name, q.row_number)
     FROM (SELECT * EXCLUDE (quarantined_at) FROM meta.quarantine) AS q),
    (SELECT string_agg(identity, '' ORDER BY source, filename, artifact)
     FROM (SELECT source, filename, artifact, arg_max(identity, load) AS identity FROM meta.loads GROUP BY ALL))
