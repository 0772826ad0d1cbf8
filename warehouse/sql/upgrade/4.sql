-- File version 4 says of each column whether it is part of the key of its table. The rows are written when a release is published.
DELETE FROM meta.columns;
ALTER TABLE meta.columns ADD COLUMN IF NOT EXISTS is_key BOOLEAN DEFAULT false;
ALTER TABLE meta.columns ALTER COLUMN is_key DROP DEFAULT;
ALTER TABLE meta.columns ALTER COLUMN is_key SET NOT NULL;
