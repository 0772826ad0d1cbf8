-- Products that no code list has named yet are kept under their code, by the name the file gives them.
INSERT INTO ref.product (classification, product, product_key, level, parent, name)
SELECT
    d.classification, d.product,
    (SELECT coalesce(max(product_key), 0) FROM ref.product) + row_number() OVER (ORDER BY d.classification, d.product),
    length(d.product), NULL, coalesce(d.name, d.classification || ' ' || d.product)
FROM (
    SELECT
        CASE WHEN length(product_printed) = 8 THEN 'CNHS' ELSE 'HS' END || {{ edition }} AS classification,
        product_printed AS product, min(product_name_zh) AS name
    FROM (SELECT *, CAST(year_month[1:4] AS INTEGER) AS year FROM accepted)
    WHERE product_printed IS NOT NULL
    GROUP BY ALL
) AS d
WHERE NOT EXISTS (FROM ref.product AS p WHERE p.classification = d.classification AND p.product = d.product)
