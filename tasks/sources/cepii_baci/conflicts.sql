-- Codes of one place that this file uses side by side: their rows would share a key.
SELECT string_agg(code::VARCHAR, ', ' ORDER BY code)
FROM baci_place
WHERE code IN (SELECT DISTINCT i FROM accepted UNION SELECT DISTINCT j FROM accepted)
GROUP BY place_key
HAVING count(*) > 1
