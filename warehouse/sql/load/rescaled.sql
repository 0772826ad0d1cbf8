-- How many revised figures can be compared with what they were, and how many are a thousand or a million times that.
SELECT count(*), count(*) FILTER (abs(times - 1000) < 1e-6 OR abs(times - 1000000) < 1e-3)
FROM (
    SELECT greatest(abs(value), abs(previous)) / least(abs(value), abs(previous)) AS times
    FROM ({{ revised }})
    WHERE value <> 0 AND previous <> 0
)
