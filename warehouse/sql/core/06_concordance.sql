-- The UN's tables in both directions. All of a code goes to another where it has no second one: that is a weight of
-- 1; how a split code is shared out is not on record. The target of a conversion that stands in no correlation is
-- often a heading above the targets of the correlation: it is not a second target of a code that has those, and turned
-- round it says nothing.
CREATE OR REPLACE VIEW ref.concordance AS
WITH pair AS (
    SELECT from_classification, from_product, to_classification, to_product, relation,
        is_conversion, is_correlation, false AS is_reversed, family
    FROM ref.correlation
    UNION ALL
    SELECT to_classification, to_product, from_classification, from_product,
        CASE relation WHEN '1:n' THEN 'n:1' WHEN 'n:1' THEN '1:n' ELSE relation END,
        false, is_correlation, true, family
    FROM ref.correlation
)
SELECT
    from_classification, from_product, to_classification, to_product, relation,
    CASE WHEN (is_correlation AND count(*) FILTER (is_correlation) OVER code = 1) OR (NOT is_reversed AND count(*) OVER code = 1)
        THEN 1 END AS weight,
    is_conversion, is_correlation, is_reversed, family
FROM pair
WINDOW code AS (PARTITION BY from_classification, to_classification, is_reversed, from_product);
