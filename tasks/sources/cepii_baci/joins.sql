JOIN baci_place AS i ON i.code = s.i
JOIN baci_place AS j ON j.code = s.j
JOIN baci_product AS p ON p.product = s.k
