-- Rows of {{ fact }} with their place and citation: by the NBS code, else by the Chinese name among places of the region's level. A name
-- that two places of a level have means none. Municipalities are provinces, and cities in databases of cities.
WITH place AS (
    SELECT place, name_zh,
        CASE kind WHEN 'economy' THEN 'nation' ELSE kind END AS region_level
    FROM ref.place
    WHERE kind IN ('economy', 'province', 'city') AND (place = 'CHN' OR starts_with(place, 'CN-'))
),
named AS (
    SELECT n.name, p.place, p.region_level FROM ref.place_name AS n JOIN place AS p USING (place) WHERE n.language = {{ language | sql }}
    UNION  -- Jilin city's short name is not among the names: it is the province's, too.
    SELECT name_zh, place, region_level FROM place WHERE {{ language | sql }} = 'zh' AND name_zh IS NOT NULL
),
levelled AS (
    FROM named
    UNION ALL
    SELECT name, place, 'city' FROM named WHERE place IN ('CN-BJ', 'CN-TJ', 'CN-SH', 'CN-CQ')
    UNION ALL
    SELECT DISTINCT name, place, 'any' FROM named
),
known AS (
    FROM levelled QUALIFY count(*) OVER (PARTITION BY name, region_level) = 1
),
coded AS (
    SELECT code, place FROM ref.place_code WHERE scheme = 'nbs' AND valid_to IS NULL
),
located AS (
    SELECT a.* REPLACE (coalesce(a.indicator, v.indicator) AS indicator, u.printed_unit AS printed_unit), coalesce({{ "c.place, " if has_codes else "" }}n.place) AS place, u.kind, u.base_unit, u.currency,
        core.scaled(a.printed_value, u.multiplier, u.quotation) AS scaled,
        'National Bureau of Statistics of China (NBS)' AS publisher, {{ title | sql }} AS title, {{ address | sql }} AS address,
        CAST({{ published_on | sql }} AS DATE) AS published_on, {{ published_precision | sql }} AS published_precision,
        CAST({{ seen_via | sql }} AS VARCHAR) AS seen_via
        {%- if has_codes %}, CAST({{ note | sql }} AS VARCHAR) AS note{% endif %}

    FROM accepted AS a
{% if has_codes %}
    LEFT JOIN coded AS c ON c.code = a.region_code
{% endif %}
    LEFT JOIN known AS n ON n.name = a.region AND n.region_level = a.region_level
    -- Indicators that a user has added to the vocabulary of the home folder, and the units of those whose file has none.
    LEFT JOIN ref.indicator_code AS v ON (a.fact = 'unknown' OR a.printed_unit IS NULL) AND v.scheme = 'nbs' AND v.code = a.nbs_name
    LEFT JOIN ref.unit AS u ON u.printed_unit = coalesce(a.printed_unit, v.printed_unit)
    WHERE CASE a.fact WHEN 'unknown' THEN 'indicator' ELSE a.fact END = {{ fact | sql }}
)
