-- What revised figures are and were.
SELECT d.value, c.value AS previous
FROM delta AS d
JOIN {{ table }} AS c ON c.rowid = d.position
WHERE d.change = 'revised'
