-- Trade and investment of provinces before and after visits, forums and openings, against provinces without an event of that class on record.
-- The change is that of the mean of the two years after over the mean of the two years before, in logarithms; the year itself is left out. The
-- effect is that change less the mean change of the others in the same years. The same is worked out for other provinces without an event of
-- the class, in the same years and in years that do not overlap with them (placebos): an effect that many of those reach is none.
-- What a province does in Japan or with Japanese guests in one month is one trip, and one case: seven events of one journey are not seven trials. So are the
-- openings of a kind in a province and year. Roads and lines are listed of the Northeast, and of other provinces hardly: no province is known to be without
-- an opening, so that there is no effect of one. Pilot zones are listed of all, up to 2020.
{% set listed_of_all = "'contact', 'free_trade_zone'" %}
CREATE OR REPLACE VIEW core.studied_event AS
WITH met AS (
    SELECT v.event, v.kind, v.started_on, v.place AS at FROM mart.visits AS v WHERE v.started_on IS NOT NULL
    UNION  -- who comes as a visitor is received by a province; where a forum or seminar is held takes no part in it by that
    SELECT v.event, v.kind, v.started_on, unnest(string_split(v.held_in, ';')) FROM mart.visits AS v WHERE v.started_on IS NOT NULL AND v.kind = 'visit'
)
SELECT arg_min(m.event, (list_position(['visit', 'forum', 'meeting', 'seminar'], m.kind), m.event)) AS studied_event,
    arg_min(m.kind, (list_position(['visit', 'forum', 'meeting', 'seminar'], m.kind), m.event)) AS event_kind, 'contact' AS event_class,
    p.place, year(m.started_on)::INTEGER AS year, string_agg(DISTINCT m.event, ';' ORDER BY m.event) AS events
FROM met AS m
JOIN ref.place AS k ON k.place = m.at
JOIN ref.place AS p ON p.kind = 'province' AND p.place IN (k.place, k.parent)
GROUP BY p.place, year(m.started_on), month(m.started_on)
UNION
SELECT min(m.milestone), m.kind, m.kind, p.place, m.year, string_agg(DISTINCT m.milestone, ';' ORDER BY m.milestone)
FROM (SELECT *, unnest(string_split(places, ';')) AS at FROM mart.milestones WHERE kind <> 'sister_tie' AND year IS NOT NULL) AS m
JOIN ref.place AS c ON c.place = m.at
JOIN ref.place AS p ON p.kind = 'province' AND p.place IN (c.place, c.parent)
GROUP BY m.kind, p.place, m.year;

{{ stored("mart.event_study") }} AS
WITH outcome AS MATERIALIZED (
    SELECT topic, place, year, value, dataset FROM core.topic_value
    WHERE topic IN ({{ topics.OUTCOMES | map("sql") | join(", ") }}) AND place IN (SELECT place FROM ref.place WHERE kind = 'province')
),
-- Each province and year around which two years before and two after have a figure above zero.
change AS MATERIALIZED (
    SELECT y.topic, y.place, y.middle AS year, avg(y.value) FILTER (y.year < y.middle) AS value_before, avg(y.value) FILTER (y.year > y.middle) AS value_after,
        ln(value_after / value_before) AS change_log, count(DISTINCT y.dataset) > 1 AS spans_datasets, string_agg(DISTINCT y.dataset, ';' ORDER BY y.dataset) AS datasets
    FROM (SELECT *, unnest([year - 2, year - 1, year + 1, year + 2]) AS middle FROM outcome WHERE value > 0) AS y
    GROUP BY ALL HAVING count(*) = 4
),
class AS (SELECT DISTINCT event_class FROM core.studied_event WHERE event_class IN ({{ listed_of_all }})),
eventful AS (SELECT DISTINCT event_class, place, unnest([year - 2, year - 1, year, year + 1, year + 2]) AS year FROM core.studied_event),
-- Changes without an event of the class, and the mean of all others of the same topic and year. A change from one dataset to another is set against such
-- changes alone, and one within a dataset against those within one.
uneventful AS MATERIALIZED (
    SELECT k.event_class, c.topic, c.place, c.year, c.spans_datasets, c.change_log, count(*) OVER others AS places, sum(c.change_log) OVER others AS total
    FROM change AS c CROSS JOIN class AS k ANTI JOIN eventful AS e ON e.event_class = k.event_class AND e.place = c.place AND e.year = c.year
    WINDOW others AS (PARTITION BY k.event_class, c.topic, c.year, c.spans_datasets)
),
placebo AS MATERIALIZED (
    SELECT event_class, topic, place, year, spans_datasets, change_log - (total - change_log) / (places - 1) AS effect_log FROM uneventful WHERE places > 1
),
others AS (
    SELECT event_class, topic, year, spans_datasets, any_value(places) AS others, any_value(total / places) AS others_change_log FROM uneventful GROUP BY ALL
),
studied AS (
    SELECT e.studied_event, e.event_kind, e.event_class, e.events, e.place, e.year, t.topic, c.value_before, c.value_after, c.change_log, o.others, o.others_change_log,
        c.change_log - o.others_change_log AS effect_log, c.spans_datasets, c.datasets,
        (SELECT count(DISTINCT x.studied_event) - 1 FROM core.studied_event AS x WHERE x.place = e.place AND x.year BETWEEN e.year - 2 AND e.year + 2) AS other_events
    FROM core.studied_event AS e CROSS JOIN (SELECT unnest([{{ topics.OUTCOMES | map("sql") | join(", ") }}]) AS topic) AS t
    LEFT JOIN change AS c ON c.topic = t.topic AND c.place = e.place AND c.year = e.year
    LEFT JOIN others AS o ON o.event_class = e.event_class AND o.topic = t.topic AND o.year = e.year AND o.spans_datasets = c.spans_datasets
),
-- Windows of five years that overlap would count one province's growth up to five times: of other years those are taken that lie five, ten … years away.
ranked AS (
    SELECT s.studied_event, s.place, s.topic, count(*) AS placebos, count(*) FILTER (abs(p.effect_log) >= abs(s.effect_log)) AS placebos_as_large
    FROM studied AS s JOIN placebo AS p ON p.event_class = s.event_class AND p.topic = s.topic AND p.place <> s.place
        AND (p.year = s.year AND p.spans_datasets = s.spans_datasets OR (p.year - s.year) % 5 = 0 AND p.year <> s.year AND NOT p.spans_datasets)
    WHERE s.effect_log IS NOT NULL GROUP BY ALL
)
SELECT s.studied_event, s.event_kind, s.events, s.place, p.name AS place_name, s.year, s.topic, s.value_before::DECIMAL(20, 2) AS value_before_usd,
    s.value_after::DECIMAL(20, 2) AS value_after_usd,
    s.change_log, s.others, s.others_change_log, s.effect_log, r.placebos, r.placebos_as_large,
    (1 + r.placebos_as_large) / (1 + r.placebos) AS placebo_share, s.other_events, s.spans_datasets, s.datasets,
    CASE WHEN s.change_log IS NULL THEN 'no figure above zero in each of the two years before and after'
         WHEN s.event_class NOT IN ({{ listed_of_all }}) THEN 'openings of roads and lines of other provinces are not listed, so that none is known to be without one'
         WHEN s.effect_log IS NULL THEN 'no other province without such an event on record has like figures of these years' END AS why_not,
    CASE WHEN r.placebos IS NULL THEN 'Nothing can be said: ' || coalesce(why_not, 'there is no other province and year to compare with') || '.'
         ELSE 'One case: of ' || r.placebos || ' windows of other provinces without such an event on record, in the same years or in years that do not overlap, ' || r.placebos_as_large
            || ' moved as far from the others or farther. It proves no cause: visits go where trade is expected to grow, and openings are planned years ahead.'
            || CASE WHEN s.other_events > 0 THEN ' Other events of the province fall in the same five years: ' || s.other_events || '.' ELSE '' END
            || CASE WHEN s.spans_datasets THEN ' The years are of several datasets, so that a part of the change may be theirs.' ELSE '' END
        END AS caution
FROM studied AS s
JOIN ref.place AS p ON p.place = s.place
LEFT JOIN ranked AS r ON r.studied_event = s.studied_event AND r.place = s.place AND r.topic = s.topic
ORDER BY s.studied_event, s.place, s.topic;
