-- The newest plan of a digest that is not closed, and whether it has requests that were never answered.
SELECT p.plan, p.touched_at, EXISTS (SELECT 1 FROM step AS s WHERE s.plan = p.plan AND s.state = 'open') AS has_open
FROM plan AS p
WHERE p.digest = :digest AND p.closed_at IS NULL
ORDER BY p.plan DESC
LIMIT 1
