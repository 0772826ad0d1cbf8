-- Products that no code list has named yet are kept under their code, by the name the file gives them.
INSERT INTO ref.product (classification, product, product_key, level, parent, name)
SELECT
    d.classification, d.product,
    (SELECT coalesce(max(product_key), 0) FROM ref.product) + row_number() OVER (ORDER BY d.classification, d.product),
    length(d.product), NULL, coalesce(d.name, d.classification || ' ' || d.product)
FROM (
    SELECT c.classification, {{ product }} AS product, min(a.cmd_desc) AS name
    FROM accepted AS a
    JOIN (VALUES {% for row in classifications %}({{ row.code | sql }}, {{ row.classification | sql }}){{ ", " if not loop.last }}{% endfor %}) AS c (code, classification)
        ON c.code = {{ code }}
    WHERE a.cmd_code <> 'TOTAL'
    GROUP BY ALL
) AS d
WHERE NOT EXISTS (FROM ref.product AS p WHERE p.classification = d.classification AND p.product = d.product)
