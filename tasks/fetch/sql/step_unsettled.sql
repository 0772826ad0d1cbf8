-- How many requests a later pull would send.
SELECT count(*) FROM step WHERE plan = :plan AND state IN ('open', 'faulty')
