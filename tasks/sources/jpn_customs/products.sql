-- Nine-digit codes are the year's own, and not the same for exports and imports. They are kept under their year and
-- direction as the files name them; the six digits in front are the HS edition's that Japan applied in that year.
INSERT INTO ref.product
SELECT
    d.classification, d.product,
    (SELECT coalesce(max(product_key), 0) FROM ref.product) + row_number() OVER (ORDER BY d.classification, d.product),
    9, d.product[1:6], 'Japan''s statistical code ' || d.product || ' of ' || d.statistical_year || ' (' || d.edition || ' ' || d.product[1:6] || ')'
FROM (
    SELECT DISTINCT
        {{ classification }} AS classification, a.statistical_code AS product, a.statistical_year,
        CASE
            WHEN a.statistical_year < 1996 THEN 'HS1988'
            WHEN a.statistical_year < 2002 THEN 'HS1996'
            WHEN a.statistical_year < 2007 THEN 'HS2002'
            WHEN a.statistical_year < 2012 THEN 'HS2007'
            WHEN a.statistical_year < 2017 THEN 'HS2012'
            WHEN a.statistical_year < 2022 THEN 'HS2017'
            WHEN a.statistical_year < 2028 THEN 'HS2022'
            ELSE 'HS' END AS edition
    FROM accepted AS a
) AS d
WHERE NOT EXISTS (FROM ref.product AS p WHERE p.classification = d.classification AND p.product = d.product)
