-- File version 3 counts the rows of a load that are set aside with a reason (meta.set_aside), and says of each source what it
-- covers and which mistakes its figures invite.
ALTER TABLE meta.loads ADD COLUMN IF NOT EXISTS rows_set_aside BIGINT DEFAULT 0;
ALTER TABLE meta.loads ALTER COLUMN rows_set_aside DROP DEFAULT;
ALTER TABLE meta.loads ALTER COLUMN rows_set_aside SET NOT NULL;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS covers VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS units VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS traps VARCHAR;
