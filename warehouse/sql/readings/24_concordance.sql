-- Trade in the products of another classification, in two ways that keep every total and split no code.
{% set conversions = (
    ("trade_in_classification", "mart.trade_subheadings", ("reporter", "reporter_name", "partner", "partner_name"), ("exports_usd", "imports_usd"),
        "mart.trade_subheadings in another classification: FROM trade_in_classification('HS2012')"),
    ("reconciled_in_classification", "mart.trade_reconciled", ("exporter", "exporter_name", "importer", "importer_name"), ("value_usd", "net_weight_kg"),
        "mart.trade_reconciled in another classification: FROM reconciled_in_classification('HS2012')"),
) %}
{% set rules = ". By the UN's conversion tables, each code goes whole to one code, and what is in the wanted edition already stays, so totals are kept. "
    ~ "What cannot be put elsewhere is product _X, and \"how\" says why. An edition that is not known is an error that lists the known ones" %}
{% set of_families = "mart.trade_subheadings in two editions, by families of codes that are the same goods in both: "
    ~ "FROM trade_by_family('HS2022', 'HS2017'). No code is split, so totals are kept; codes in no family are in family _X. Two editions without a table are an error" %}
{% for schema in ("mart", "main") %}
{% for name, table, key, amounts, description in conversions %}
CREATE OR REPLACE MACRO {{ schema }}.{{ name }}(wanted) AS TABLE
WITH edition AS (
    SELECT from_classification AS classification FROM ref.correlation
    UNION SELECT to_classification FROM ref.correlation
),
known AS (
    SELECT count(*) FILTER (classification = wanted) AS editions, string_agg(classification, ', ' ORDER BY classification) AS names FROM edition
),
checked AS (
    SELECT CASE WHEN editions > 0 THEN true ELSE error(
        'no classification ' || coalesce('"' || wanted || '"', 'NULL') || ' to convert to; choose one of: ' || names) END AS is_known
    FROM known
),
conversion AS (
    SELECT from_classification, from_product, min(to_product) AS to_product
    FROM ref.correlation WHERE to_classification = wanted AND is_conversion GROUP BY ALL
)
SELECT {% for k in key %}t.{{ k }}, {% endfor %}t.year, wanted AS classification,
    CASE WHEN t.classification = wanted THEN t.product ELSE coalesce(c.to_product, '_X') END AS product,
    CASE WHEN t.product = '_X' THEN 'not allotted to a product' WHEN t.classification = wanted THEN 'as published'
         WHEN c.to_product IS NOT NULL THEN 'converted from ' || t.classification
         WHEN t.classification IN (SELECT from_classification FROM conversion) THEN 'code without a target, ' || t.classification
         ELSE 'no table from ' || t.classification END AS how,
    {% for a in amounts %}sum(t.{{ a }}) AS {{ a }}, {% endfor %}count(*) AS products
FROM checked JOIN {{ table }} AS t ON checked.is_known
LEFT JOIN conversion AS c ON c.from_classification = t.classification AND c.from_product = t.product
GROUP BY ALL;
COMMENT ON MACRO TABLE {{ schema }}.{{ name }} IS {{ (description ~ rules) | sql }};
{% endfor %}
CREATE OR REPLACE MACRO {{ schema }}.trade_by_family(newer, older) AS TABLE
WITH pair AS (SELECT DISTINCT from_classification, to_classification FROM ref.correlation WHERE family IS NOT NULL),
known AS (
    SELECT count(*) FILTER ((from_classification, to_classification) IN ((newer, older), (older, newer))) AS tables,
        string_agg(from_classification || ' and ' || to_classification, ', ' ORDER BY from_classification, to_classification) AS names
    FROM pair
),
checked AS (
    SELECT CASE WHEN tables > 0 THEN true ELSE error(
        'no table between ' || coalesce(newer, 'NULL') || ' and ' || coalesce(older, 'NULL') || '; there are: ' || names) END AS is_known
    FROM known
),
family AS (
    SELECT DISTINCT from_classification AS classification, from_product AS product, family
    FROM ref.concordance
    WHERE from_classification IN (newer, older) AND to_classification IN (newer, older) AND family IS NOT NULL
)
SELECT t.reporter, t.reporter_name, t.partner, t.partner_name, t.year, t.classification, coalesce(f.family::VARCHAR, '_X') AS family,
    sum(t.exports_usd) AS exports_usd, sum(t.imports_usd) AS imports_usd, count(*) AS products
FROM checked JOIN mart.trade_subheadings AS t ON checked.is_known
LEFT JOIN family AS f USING (classification, product)
WHERE t.classification IN (newer, older)
GROUP BY ALL;
COMMENT ON MACRO TABLE {{ schema }}.trade_by_family IS {{ of_families | sql }};
{% endfor %}
