-- A code of a scheme means one place at any date
-- severity: stop
SELECT a.scheme, a.code, a.place, b.place AS other
FROM ref.place_code AS a
JOIN ref.place_code AS b ON b.scheme = a.scheme AND b.code = a.code AND b.place > a.place
WHERE coalesce(a.valid_from, DATE '0001-01-01') < coalesce(b.valid_to, DATE '9999-12-31')
  AND coalesce(b.valid_from, DATE '0001-01-01') < coalesce(a.valid_to, DATE '9999-12-31')
