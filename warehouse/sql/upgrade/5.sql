-- File version 5 says of each check how severe a violation is, with an example. The rows are written by each build.
DELETE FROM meta.checks;
ALTER TABLE meta.checks ADD COLUMN IF NOT EXISTS severity VARCHAR DEFAULT 'stop';
ALTER TABLE meta.checks ALTER COLUMN severity DROP DEFAULT;
ALTER TABLE meta.checks ALTER COLUMN severity SET NOT NULL;
ALTER TABLE meta.checks ADD COLUMN IF NOT EXISTS example VARCHAR;
