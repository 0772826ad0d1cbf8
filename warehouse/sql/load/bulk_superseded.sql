-- The versions that "delta" replaces, and what each part of theirs is to say of them: which edition replaces them.
CREATE OR REPLACE TEMP TABLE moves AS
SELECT d.position, d.part, {{ edition }} AS superseded_by, p.first_known_by
FROM delta AS d
JOIN core.trade_part AS p USING (part)
