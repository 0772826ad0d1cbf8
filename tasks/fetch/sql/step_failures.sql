SELECT told FROM step WHERE plan = :plan AND state IN ('refused', 'faulty') ORDER BY root, number
