-- Measures of trade by product and partner as tables to ask for: FROM rca('CHN', 2019). Shares in the world need figures of the whole world, which BACI has
-- (mart.trade_reconciled); among the economies that publish chapters there is a variant of its own, and its rows name them.
{# Products must reach most of all goods in both directions: with those of one direction alone there would seem to be no trade both ways. #}
{% set least_share, most_share = 0.9, 1.1 %}
{% set baci = "trade reconciled by BACI: `entrepot pull cepii.baci` fetches it" %}
{% set of_rca = "Revealed comparative advantage of an exporter in a year by product, of the world as BACI reconciles it: exporter, year, digits := 2 (or 4, 6). "
    ~ "A product that it does not export has 0. An error where no such trade is loaded" %}
{% set of_reporters = "Revealed comparative advantage of a reporter in a year by chapter, among the economies whose exports by chapter are loaded in that edition and reach 0.9 "
    ~ "of a published total (among); of few economies it is none of the world: reporter, year. An error where there are none but the reporter" %}
{% set of_intensity = "Trade intensity of an exporter with each importer in a year, of the world as BACI reconciles it, in two variants: of the whole world (WITS), and over the "
    ~ "importer's share in the imports of the world without the exporter's own (ESCAP): exporter, year. An error where no such trade is loaded" %}
{% set of_intra = "Grubel-Lloyd indices of a reporter's trade with a partner, or with all partners together, by year and level of the products (chapter, subheading), "
    ~ "which the index depends on: reporter, of_partner := 'JPN'. NULL where products do not reach 0.9 of all goods in both directions (why_not). Exports are mostly FOB and imports CIF" %}
{% set of_share = "Constant market share of an exporter between two years, over products and over markets, of the world as BACI reconciles it: exporter, first year, last year, "
    ~ "digits := 2 (or 4, 6). Effects add up to the change. is_seam: the years are of two releases or editions; effects are NULL where the editions differ" %}
{% for schema in ("mart", "main") %}
CREATE OR REPLACE MACRO {{ schema }}.rca(of_exporter, of_year, digits := 2) AS TABLE
WITH traded AS (
    SELECT exporter, left(product, digits) AS product, classification, dataset, published_on, sum(value_usd)::DOUBLE AS value
    FROM mart.trade_reconciled WHERE year = of_year GROUP BY ALL
),
checked AS (
    SELECT CASE WHEN digits NOT IN (2, 4, 6) THEN error('products have 2, 4 or 6 digits, not ' || digits)
        WHEN count(*) FILTER (exporter = of_exporter) = 0 THEN error('no exports of ' || of_exporter || ' of ' || of_year || ' in {{ baci }}')
        ELSE true END AS is_known
    FROM traded
),
world AS (
    SELECT product, classification, dataset, published_on, sum(value) AS world_exports_of_product, sum(value) FILTER (exporter = of_exporter) AS exports_of_product
    FROM traded GROUP BY ALL
),
total AS (
    SELECT *, coalesce(exports_of_product, 0) AS exports, sum(exports_of_product) OVER () AS all_exports, sum(world_exports_of_product) OVER () AS world_exports
    FROM world
)
SELECT of_exporter AS exporter, of_year AS year, t.classification, t.product, p.name AS product_name, t.exports AS exports_usd, t.world_exports_of_product AS world_exports_usd,
    {{ schema }}.rca_balassa(t.exports, t.all_exports, t.world_exports_of_product, t.world_exports) AS rca_balassa,
    {{ schema }}.rsca_laursen(t.exports, t.all_exports, t.world_exports_of_product, t.world_exports) AS rsca_laursen,
    t.dataset, t.published_on
FROM checked JOIN total AS t ON checked.is_known
LEFT JOIN ref.product AS p ON p.product = t.product AND p.classification = t.classification
ORDER BY t.product;
COMMENT ON MACRO TABLE {{ schema }}.rca IS {{ of_rca | sql }};
CREATE OR REPLACE MACRO {{ schema }}.rca_among_reporters(of_reporter, of_year) AS TABLE
WITH published AS (
    SELECT reporter, classification, product, sum(exports_usd)::DOUBLE AS value FROM mart.trade_chapters
    WHERE year = of_year AND exports_usd IS NOT NULL AND product <> '_X' GROUP BY ALL
),
-- An economy of which single chapters, or exports to single partners, are loaded would count as exporting nothing else.
total_of AS (
    SELECT t.reporter, sum(t.exports_usd)::DOUBLE AS exports FROM mart.trade AS t WHERE t.year = of_year AND t.exports_usd IS NOT NULL
    GROUP BY t.reporter HAVING bool_and(t.exports_from.total_method <> 'none published')
),
complete AS (
    SELECT p.reporter, p.classification FROM published AS p JOIN total_of AS g ON g.reporter = p.reporter
    GROUP BY p.reporter, p.classification, g.exports HAVING sum(p.value) BETWEEN {{ least_share }} * g.exports AND {{ most_share }} * g.exports
),
traded AS (
    SELECT p.* FROM published AS p JOIN complete AS c USING (reporter, classification)
    WHERE classification IN (SELECT classification FROM complete WHERE reporter = of_reporter)
),
checked AS (
    SELECT CASE WHEN count(*) FILTER (reporter = of_reporter) = 0
            THEN error('no exports of ' || of_reporter || ' of ' || of_year || ' are loaded whose chapters reach {{ least_share }} of a published total')
        WHEN count(DISTINCT reporter) < 2 THEN error('no economy but ' || of_reporter || ' has exports of ' || of_year || ' by chapter, reaching a published total, in its edition of the classification')
        ELSE true END AS is_known, string_agg(DISTINCT reporter, ' ' ORDER BY reporter) AS among
    FROM traded
),
of_product AS (
    SELECT product, classification, sum(value) AS of_all, coalesce(sum(value) FILTER (reporter = of_reporter), 0) AS exports FROM traded GROUP BY ALL
),
total AS (SELECT *, sum(exports) OVER () AS all_exports, sum(of_all) OVER () AS exports_of_all FROM of_product)
SELECT of_reporter AS reporter, of_year AS year, t.classification, t.product, p.name AS product_name, t.exports AS exports_usd, t.of_all AS exports_of_all_usd,
    {{ schema }}.rca_balassa(t.exports, t.all_exports, t.of_all, t.exports_of_all) AS rca_balassa_among_reporters,
    {{ schema }}.rsca_laursen(t.exports, t.all_exports, t.of_all, t.exports_of_all) AS rsca_laursen_among_reporters, c.among
FROM checked AS c JOIN total AS t ON c.is_known
LEFT JOIN ref.product AS p ON p.product = t.product AND p.classification = t.classification
ORDER BY t.product;
COMMENT ON MACRO TABLE {{ schema }}.rca_among_reporters IS {{ of_reporters | sql }};
CREATE OR REPLACE MACRO {{ schema }}.trade_intensity(of_exporter, of_year) AS TABLE
WITH pair AS (SELECT exporter, importer, value FROM core.reconciled_pair WHERE year = of_year),
checked AS (
    SELECT CASE WHEN count(*) FILTER (exporter = of_exporter) = 0 THEN error('no exports of ' || of_exporter || ' of ' || of_year || ' in {{ baci }}') ELSE true END AS is_known,
        sum(value) AS world, sum(value) FILTER (exporter = of_exporter) AS exports, coalesce(sum(value) FILTER (importer = of_exporter), 0) AS own_imports
    FROM pair
),
partner AS (SELECT importer, sum(value) AS imports, coalesce(sum(value) FILTER (exporter = of_exporter), 0) AS exports FROM pair GROUP BY importer)
SELECT of_exporter AS exporter, p.importer, j.name AS importer_name, of_year AS year, p.exports AS exports_usd, p.imports AS importer_imports_usd,
    {{ schema }}.trade_intensity_of_world(p.exports, c.exports, p.imports, c.world) AS trade_intensity_of_world,
    {{ schema }}.trade_intensity_without_own(p.exports, c.exports, p.imports, c.world, c.own_imports) AS trade_intensity_without_own
FROM checked AS c JOIN partner AS p ON c.is_known AND p.importer <> of_exporter
LEFT JOIN ref.place AS j ON j.place = p.importer
ORDER BY p.importer;
COMMENT ON MACRO TABLE {{ schema }}.trade_intensity IS {{ of_intensity | sql }};
CREATE OR REPLACE MACRO {{ schema }}.intra_industry(of_reporter, of_partner := NULL) AS TABLE
WITH product AS (
    {% for level in ("chapter", "subheading") %}
    SELECT '{{ level }}' AS level, t.year, t.classification, t.product, sum(t.exports_usd) AS exports, sum(t.imports_usd) AS imports
    FROM mart.trade_{{ level }}s AS t WHERE t.reporter = of_reporter AND (of_partner IS NULL OR t.partner = of_partner) AND t.product <> '_X' GROUP BY ALL
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
),
indexed AS (
    SELECT level, year, classification, count(*) AS products, sum(exports) AS exports_usd, sum(imports) AS imports_usd,
        {{ schema }}.grubel_lloyd_trade_weighted(exports, imports) AS trade_weighted,
        {{ schema }}.grubel_lloyd_imbalance_corrected(exports, imports) AS imbalance_corrected
    FROM product GROUP BY ALL
),
-- All goods: with the partner, or of all partners where a total was published.
all_goods AS (
    SELECT t.year,
        {% for flow in ("exports", "imports") %}
        CASE WHEN of_partner IS NOT NULL OR coalesce(bool_and(t.{{ flow }}_from.total_method <> 'none published'), false) THEN sum(t.{{ flow }}_usd) END AS {{ flow }}
        {{ "," if not loop.last }}
        {% endfor %}
    FROM mart.trade AS t WHERE t.reporter = of_reporter AND (of_partner IS NULL OR t.partner = of_partner) GROUP BY t.year
),
covered AS (
    SELECT i.*, i.exports_usd::DOUBLE / nullif(g.exports, 0)::DOUBLE AS exports_covered_share, i.imports_usd::DOUBLE / nullif(g.imports, 0)::DOUBLE AS imports_covered_share
    FROM indexed AS i LEFT JOIN all_goods AS g USING (year)
),
judged AS (
    SELECT *, CASE WHEN exports_covered_share IS NULL THEN 'no total of exports, or no exports by product'
        WHEN imports_covered_share IS NULL THEN 'no total of imports, or no imports by product'
        WHEN least(exports_covered_share, imports_covered_share) < {{ least_share }} THEN 'products reach less than {{ least_share }} of all goods in one direction'
        WHEN greatest(exports_covered_share, imports_covered_share) > {{ most_share }} THEN 'products are more than {{ most_share }} of all goods in one direction'
        END AS why_not
    FROM covered
)
SELECT of_reporter AS reporter, coalesce(of_partner, 'WLD') AS partner, year, level, classification, products, exports_usd, imports_usd,
    exports_covered_share, imports_covered_share, why_not,
    CASE WHEN why_not IS NULL THEN trade_weighted END AS grubel_lloyd_trade_weighted,
    CASE WHEN why_not IS NULL THEN imbalance_corrected END AS grubel_lloyd_imbalance_corrected
FROM judged
ORDER BY year, level, classification;
COMMENT ON MACRO TABLE {{ schema }}.intra_industry IS {{ of_intra | sql }};
CREATE OR REPLACE MACRO {{ schema }}.constant_market_share(of_exporter, first_year, last_year, digits := 2) AS TABLE
WITH traded AS (
    SELECT exporter, importer, left(product, digits) AS product, classification, dataset, published_on, year, sum(value_usd)::DOUBLE AS value
    FROM mart.trade_reconciled WHERE year IN (first_year, last_year) GROUP BY ALL
),
checked AS (
    SELECT CASE WHEN digits NOT IN (2, 4, 6) THEN error('products have 2, 4 or 6 digits, not ' || digits)
        WHEN first_year >= last_year THEN error('the first year must be before the last: ' || first_year || ', ' || last_year)
        WHEN count(DISTINCT year) FILTER (exporter = of_exporter) < 2
            THEN error('no exports of ' || of_exporter || ' of both ' || first_year || ' and ' || last_year || ' in {{ baci }}')
        ELSE true END AS is_known,
        count(DISTINCT classification) > 1 AS editions_differ, count(DISTINCT (dataset, published_on, classification)) > 1 AS is_seam
    FROM traded
),
share AS (
    {% for dimension, member in (("product", "product"), ("market", "importer")) %}
    SELECT '{{ dimension }}' AS dimension, {{ member }} AS member,
        coalesce(sum(value) FILTER (exporter = of_exporter AND year = first_year), 0) AS exports_before,
        coalesce(sum(value) FILTER (exporter = of_exporter AND year = last_year), 0) AS exports_now,
        coalesce(sum(value) FILTER (year = first_year), 0) AS world_before, coalesce(sum(value) FILTER (year = last_year), 0) AS world_now
    FROM traded GROUP BY {{ member }}
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
)
SELECT of_exporter AS exporter, first_year AS first_year, last_year AS last_year, s.dimension, CASE WHEN s.dimension = 'product' THEN digits END AS digits, count(*) AS members,
    sum(s.exports_before) AS exports_before_usd, sum(s.exports_now) AS exports_now_usd, sum(s.exports_now) - sum(s.exports_before) AS change_usd,
    {% for effect in ("growth", "composition", "competitiveness") %}
    CASE WHEN s.dimension = 'market' OR NOT c.editions_differ THEN
        {{ schema }}.market_share_{{ effect }}_effect(s.exports_before, s.exports_now, s.world_before, s.world_now) END AS {{ effect }}_effect_usd,
    {% endfor %}
    c.is_seam
FROM checked AS c JOIN share AS s ON c.is_known
GROUP BY s.dimension, c.editions_differ, c.is_seam
ORDER BY s.dimension;
COMMENT ON MACRO TABLE {{ schema }}.constant_market_share IS {{ of_share | sql }};
{% endfor %}
