-- A moment as a timestamp in UTC without a time zone: Python needs no pytz to fetch it, and a workbook takes it. Not AT TIME ZONE,
-- which needs an extension.
CREATE OR REPLACE MACRO core.utc(moment) AS make_timestamp(epoch_us(moment));
-- What kind of place a code is: the world is not just a group, and a code such as _X (not specified) is not a place.
CREATE OR REPLACE MACRO core.place_kind(kind, place) AS
    CASE WHEN place = 'WLD' THEN 'world' WHEN kind = 'non_place' THEN 'unspecified' ELSE kind END;
-- The level of a product code in its classification.
CREATE OR REPLACE MACRO core.product_level(product) AS
    CASE WHEN product = 'TOTAL' THEN 'total'
         ELSE CASE length(product) WHEN 2 THEN 'chapter' WHEN 4 THEN 'heading' WHEN 6 THEN 'subheading' ELSE 'other' END END;
-- How many significant digits were printed: 7.38 is more exact than 7.3.
CREATE OR REPLACE MACRO core.digits(printed) AS
    length(ltrim(replace(replace(replace(printed, '.', ''), '-', ''), ',', ''), '0'));
-- The rank of each dataset for one fact (ref.preference): the longest prefix of the dataset's name that has a rank, the
-- source's own before that of "*".
CREATE OR REPLACE MACRO ref.preference_of(wanted) AS TABLE
SELECT d.source, d.dataset, p.rank, p.reason
FROM (SELECT DISTINCT source, dataset FROM meta.editions) AS d
JOIN ref.preference AS p
  ON p.fact = wanted AND (p.source = d.source OR p.source = '*') AND starts_with(d.dataset, coalesce(p.dataset_prefix, ''))
QUALIFY row_number() OVER (PARTITION BY d.source, d.dataset ORDER BY p.source = '*', length(coalesce(p.dataset_prefix, '')) DESC) = 1;
COMMENT ON MACRO TABLE ref.preference_of IS 'The rank of each dataset for one fact and its reason, from ref.preference: FROM ref.preference_of(''trade'')';
-- The day by which figures are ordered from earlier to later: that of publication, of a year that was not over at receipt the
-- day of receipt. NULL where nothing is on record.
CREATE OR REPLACE MACRO core.ordered_by(published_on, published_precision, known_from) AS
    CASE published_precision WHEN 'year' THEN coalesce(published_on, known_from::DATE) ELSE published_on END;
