-- Preferences that differ between two releases. A dataset prefix is empty where the preference is the whole source's.
SELECT fact, source, coalesce(dataset_prefix, '') AS prefix, o.rank AS before, n.rank AS after
FROM (SELECT fact, source, coalesce(dataset_prefix, '') AS dataset_prefix, rank FROM older.ref.preference) AS o
FULL JOIN (SELECT fact, source, coalesce(dataset_prefix, '') AS dataset_prefix, rank FROM newer.ref.preference) AS n
  USING (fact, source, dataset_prefix)
WHERE o.rank IS DISTINCT FROM n.rank
ORDER BY ALL
