-- The values that differ between two releases.
CREATE OR REPLACE TEMP TABLE change (
    mart VARCHAR, cell VARCHAR, column_name VARCHAR, kind VARCHAR, before VARCHAR, after VARCHAR, difference DOUBLE, relative_difference DOUBLE,
    before_dataset VARCHAR, after_dataset VARCHAR, cause VARCHAR
);
