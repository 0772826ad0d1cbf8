-- The last number within a root, and the number of requests of the whole plan.
SELECT max(number) FILTER (WHERE root = :root) AS last, count(*) AS total FROM step WHERE plan = :plan
