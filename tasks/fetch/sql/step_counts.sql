SELECT count(*) FILTER (WHERE state <> 'open') AS settled, count(*) AS total FROM step WHERE plan = :plan
