-- File version 4 says of each column whether it is part of the key of its table. The rows are written when a release is published.
DELETE FROM meta.columns;
ALTER TABLE meta.columns ADD COLUMN IF NOT EXISTS is_key BOOLEAN DEFAULT false;
ALTER TABLE meta.columns ALTER COLUMN is_key DROP DEFAULT;
ALTER TABLE meta.columns ALTER COLUMN is_key SET NOT NULL;
-- Some files of version 3 were written before these columns joined it.
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS covers VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS units VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS traps VARCHAR;
