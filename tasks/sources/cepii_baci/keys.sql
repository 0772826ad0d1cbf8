-- Integer keys of the places and products of one file: baci_place (code, place_key), baci_product (product, product_number).
CREATE OR REPLACE TEMP TABLE baci_place AS
SELECT CAST(c.code AS INTEGER) AS code, p.place_key
FROM ref.place_code AS c
JOIN ref.place AS p USING (place)
WHERE c.scheme = 'baci';

CREATE OR REPLACE TEMP TABLE baci_product AS
SELECT {{ classification | sql }} AS classification, k, k::VARCHAR AS product
FROM (SELECT DISTINCT k FROM accepted);

-- Products of a release that no code list has named yet are kept under their code.
INSERT INTO ref.product
SELECT
    d.classification, d.product,
    (SELECT coalesce(max(product_key), 0) FROM ref.product) + row_number() OVER (ORDER BY d.product),
    6, NULL, 'HS ' || d.product
FROM baci_product AS d
WHERE NOT EXISTS (FROM ref.product AS p WHERE p.classification = d.classification AND p.product = d.product);

INSERT INTO core.trade_product
SELECT
    (SELECT coalesce(max(product_number), 0) FROM core.trade_product) + row_number() OVER (ORDER BY p.product),
    p.classification, p.product, p.name
FROM baci_product AS d
JOIN ref.product AS p USING (classification, product)
WHERE NOT EXISTS (FROM core.trade_product AS n WHERE n.classification = p.classification AND n.product = p.product);

CREATE OR REPLACE TEMP TABLE baci_product AS
SELECT d.k AS product, p.product_number
FROM baci_product AS d
JOIN core.trade_product AS p USING (classification, product)
