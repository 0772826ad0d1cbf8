-- File version 4 says of each column whether it is part of the key of its table. The rows are written when a release is published. The table is
-- made again: DuckDB does not alter a table whose rows the same transaction deletes.
DROP TABLE meta.columns;
CREATE TABLE meta.columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, data_type TEXT NOT NULL, unit TEXT, description TEXT NOT NULL, is_key BOOLEAN NOT NULL
);
-- Some files of version 3 were written before these columns joined it.
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS covers VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS units VARCHAR;
ALTER TABLE ref.source ADD COLUMN IF NOT EXISTS traps VARCHAR;
