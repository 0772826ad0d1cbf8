-- A request that the plan has already is not added again.
INSERT OR IGNORE INTO step (plan, root, number, request, digest)
VALUES (:plan, :root, :number, :request, :digest)
