-- How unevenly something is spread over its members: trade over partners, investment over origins, companies over places.
-- Members are single places, never aggregates; only amounts above zero have a share. covered_share is what the members
-- add up to of the published total, where there is one: shares are of the members' sum, not of the total.
CREATE OR REPLACE VIEW mart.concentration AS
WITH single AS (SELECT place FROM ref.place WHERE NOT is_aggregate),
amount AS (
    SELECT flow || ' by partner' AS subject, source, dataset, reporter AS place, reporter_name AS place_name, freq, period, year,
        partner AS member, value_usd::DECIMAL(38, 6) AS amount
    FROM mart.trade
    WHERE product = 'TOTAL' AND classification = 'TOTAL' AND basis IS NULL
    UNION ALL
    SELECT accounting || ' ' || direction || ' by counterpart, ' || concept, source, dataset, reporter, reporter_name, freq, period, year,
        counterpart, value_usd::DECIMAL(38, 6)
    FROM mart.fdi
    WHERE instrument = 'total' AND industry = 'TOTAL' AND derivation = 'reported'
    UNION ALL
    SELECT counting_unit || ' of ' || origin || ' by province', source, dataset, p.parent, i.name, freq, period, m.year,
        m.place, m.value::DECIMAL(38, 6)
    FROM mart.presence AS m JOIN ref.place AS p ON p.place = m.place JOIN ref.place AS i ON i.place = p.parent
    WHERE p.kind = 'province'
    UNION ALL
    SELECT flow || ' with ' || partner || ' by province' || coalesce(', ' || basis, ''), source, dataset, p.parent, i.name, freq, period, t.year,
        t.reporter, t.value_usd::DECIMAL(38, 6)
    FROM mart.trade AS t JOIN ref.place AS p ON p.place = t.reporter JOIN ref.place AS i ON i.place = p.parent
    WHERE p.kind = 'province' AND t.product = 'TOTAL'
),
total AS (
    SELECT subject, source, dataset, place, freq, period, max(amount) AS published_total FROM amount WHERE member = 'WLD' GROUP BY ALL
),
shared AS (
    SELECT a.*, a.amount / sum(a.amount) OVER spread AS share, sum(a.amount) OVER spread AS total
    FROM amount AS a
    WHERE a.amount > 0 AND a.member IN (FROM single)
    WINDOW spread AS (PARTITION BY a.subject, a.source, a.dataset, a.place, a.freq, a.period)
),
measured AS (
    SELECT subject, source, dataset, place, place_name, freq, period, year,
        count(*) AS members, any_value(total) AS members_total, sum(share * share) AS h,
        arg_max(member, (share, member)) AS largest, max(share) AS largest_share
    FROM shared GROUP BY ALL
)
SELECT
    m.subject, m.source, m.dataset, m.place, m.place_name, m.freq, m.period, m.year,
    m.members, CAST(m.members_total AS DECIMAL(38, 2)) AS members_total,
    CAST(t.published_total AS DECIMAL(38, 2)) AS published_total,
    CAST(CASE WHEN t.published_total > 0 THEN m.members_total / t.published_total END AS DECIMAL(18, 6)) AS covered_share,
    CAST(m.h AS DECIMAL(18, 6)) AS hhi,
    CAST(CASE WHEN m.members > 1 THEN (m.h - 1 / m.members) / (1 - 1 / m.members) END AS DECIMAL(18, 6)) AS hhi_normalised,
    CAST(CASE WHEN m.members > 1 THEN (sqrt(m.h) - sqrt(1 / m.members)) / (1 - sqrt(1 / m.members)) END AS DECIMAL(18, 6)) AS hhi_unctad,
    m.largest, CAST(m.largest_share AS DECIMAL(18, 6)) AS largest_share
FROM measured AS m
LEFT JOIN total AS t USING (subject, source, dataset, place, freq, period);
