SELECT root, number, request
FROM step
WHERE plan = :plan AND state = 'open'
ORDER BY is_late, root, number
LIMIT 1
