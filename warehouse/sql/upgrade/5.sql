-- File version 5 says of each check how severe a violation is, with an example. The rows are written by each build. The table is made again:
-- DuckDB does not alter a table whose rows the same transaction deletes.
DROP TABLE meta.checks;
CREATE TABLE meta.checks (
    check_name VARCHAR NOT NULL, severity VARCHAR NOT NULL, description VARCHAR NOT NULL, checked_at TIMESTAMPTZ NOT NULL,
    passed BOOLEAN NOT NULL, violations BIGINT NOT NULL, example VARCHAR
);
