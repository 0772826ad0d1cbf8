-- Trade in the products of another classification, in two ways that keep every total and split no code.
{% set of_conversion = "mart.trade of six digits in another classification, by the UN's conversion tables: each code goes whole to one code, "
    ~ "so totals are kept; product is NULL for codes without a target" %}
{% set of_families = "mart.trade of six digits in two editions, by families of codes that are the same goods in both: no code is split, "
    ~ "so totals are kept; family is NULL for codes that are in no table" %}
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.trade_in_classification(wanted) AS TABLE
SELECT
    t.source, t.dataset, t.reporter, t.reporter_name, t.partner, t.partner_name, t.flow, t.valuation, t.basis,
    t.freq, t.period, t.year, t.classification AS from_classification, wanted AS classification,
    c.to_product AS product, p.name AS product_name,
    sum(t.value_usd) AS value_usd, sum(t.value) AS value, t.currency, count(*) AS products
FROM mart.trade AS t
LEFT JOIN ref.correlation AS c
  ON c.from_classification = t.classification AND c.from_product = t.product
 AND c.to_classification = wanted AND c.is_conversion
LEFT JOIN ref.product AS p ON p.classification = wanted AND p.product = c.to_product
WHERE length(t.product) = 6
  AND t.classification IN (SELECT from_classification FROM ref.correlation WHERE to_classification = wanted)
GROUP BY ALL;
COMMENT ON MACRO TABLE {{ schema }}.trade_in_classification IS {{ of_conversion | sql }};
CREATE OR REPLACE MACRO {{ schema }}.trade_by_family(newer, older) AS TABLE
SELECT
    t.source, t.dataset, t.reporter, t.reporter_name, t.partner, t.partner_name, t.flow, t.valuation, t.basis,
    t.freq, t.period, t.year, t.classification, f.family,
    sum(t.value_usd) AS value_usd, sum(t.value) AS value, t.currency, count(*) AS products
FROM mart.trade AS t
LEFT JOIN (
    SELECT DISTINCT from_classification, from_product, family
    FROM ref.concordance
    WHERE from_classification IN (newer, older) AND to_classification IN (newer, older) AND family IS NOT NULL
) AS f ON f.from_classification = t.classification AND f.from_product = t.product
WHERE t.classification IN (newer, older) AND length(t.product) = 6
GROUP BY ALL;
COMMENT ON MACRO TABLE {{ schema }}.trade_by_family IS {{ of_families | sql }};
{% endfor %}
