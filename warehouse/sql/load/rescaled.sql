-- How many revised figures can be compared with what they were, and how many are ten, a hundred, a thousand … a thousand million times that.
SELECT count(*), count(*) FILTER (power >= 1 AND power <= 9 AND abs(times / pow(10, power) - 1) < 1e-9)
FROM (
    SELECT times, round(log10(times)) AS power
    FROM (
        SELECT greatest(abs(value), abs(previous))::DOUBLE / least(abs(value), abs(previous))::DOUBLE AS times
        FROM ({{ revised }})
        WHERE value <> 0 AND previous <> 0
    )
)
