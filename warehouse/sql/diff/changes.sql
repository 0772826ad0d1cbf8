-- Every value that differs, with its cause: the file that is in one release only and that the value is from; otherwise that another
-- figure is preferred; otherwise that files behind it (of rates, totals, members) differ; otherwise code or declared preference.
INSERT INTO change
SELECT {{ mart | sql }}, c.cell, c.column_name,
    CASE WHEN c.before IS NULL THEN 'new' WHEN c.after IS NULL THEN 'gone' ELSE 'changed' END,
    c.before, c.after, TRY_CAST(c.after AS DOUBLE) - TRY_CAST(c.before AS DOUBLE) AS difference,
    difference / abs(nullif(TRY_CAST(c.before AS DOUBLE), 0)),
    c.before_dataset, c.after_dataset,
    CASE WHEN n.filename IS NOT NULL THEN 'new file ' || n.filename || ' of ' || c.after_dataset
         WHEN g.filename IS NOT NULL THEN 'file ' || g.filename || ' of ' || c.before_dataset || ' no longer stands'
         WHEN c.before_dataset <> c.after_dataset THEN 'another figure is preferred: of ' || c.after_dataset || ', before of ' || c.before_dataset
         WHEN EXISTS (FROM input) THEN 'other files that it is made of, such as rates, totals and members'
         ELSE 'the program or its reference tables' END
FROM compared AS c
LEFT JOIN (SELECT dataset, artifact, min(filename) AS filename FROM input WHERE kind = 'new' GROUP BY ALL) AS n
  ON n.artifact = c.after_artifact AND n.dataset = c.after_dataset
LEFT JOIN (SELECT dataset, artifact, min(filename) AS filename FROM input WHERE kind = 'gone' GROUP BY ALL) AS g
  ON g.artifact = c.before_artifact AND g.dataset = c.before_dataset
WHERE c.before IS DISTINCT FROM c.after;
