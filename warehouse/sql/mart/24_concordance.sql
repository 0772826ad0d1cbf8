-- Trade in the products of another classification, in two ways that keep every total and split no code.
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
{% endfor %}
