-- Files that stand in one of two releases only, with their datasets. "kind" is new or gone.
CREATE OR REPLACE TEMP TABLE input AS
WITH older AS (SELECT DISTINCT source, dataset, artifact, filename, published_on FROM read_parquet({{ older | sql }}) WHERE retracted_at IS NULL),
newer AS (SELECT DISTINCT source, dataset, artifact, filename, published_on FROM read_parquet({{ newer | sql }}) WHERE retracted_at IS NULL)
SELECT 'new' AS kind, * FROM newer ANTI JOIN older USING (dataset, artifact)
UNION ALL
SELECT 'gone', * FROM older ANTI JOIN newer USING (dataset, artifact);
