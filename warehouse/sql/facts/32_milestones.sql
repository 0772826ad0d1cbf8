-- One row a line, road, zone or tie. Of several figures: one with a date before one without, then by ref.preference, then the more
-- exact date, then one with a length. opened_on is there only where the day is known: a year alone is all days from opened_from to opened_to. The length of a
-- whole network is not an opening and stays in milestone_figures.
CREATE OR REPLACE VIEW core.milestone_current AS
SELECT m.*, p.rank,
    m.kind || ':' || CASE WHEN m.kind = 'sister_tie' THEN least(m.place, m.counterpart) || '/' || greatest(m.place, m.counterpart) ELSE m.name END AS milestone,
    CASE m.opened_precision WHEN 'day' THEN 0 WHEN 'month' THEN 1 WHEN 'year' THEN 2 ELSE 3 END AS vagueness
FROM mart.milestone_figures AS m
LEFT JOIN ref.preference_of('milestones') AS p ON p.source = m.source AND p.dataset = m.dataset
WHERE m.kind <> 'network_length';

{{ stored("mart.milestones") }} AS
WITH figure AS (  -- what one publication says of a milestone, whatever number of places it lists
    SELECT DISTINCT ON (milestone, source, dataset, artifact, opened_on) * FROM core.milestone_current
    ORDER BY milestone, source, dataset, artifact, opened_on, place
),
chosen AS (
    SELECT *, count(*) OVER (PARTITION BY milestone) - 1 AS other_figures, count(DISTINCT opened_on) OVER (PARTITION BY milestone) AS dates
    FROM figure
    QUALIFY row_number() OVER (PARTITION BY milestone ORDER BY vagueness > 2, rank, vagueness, length_km IS NULL, core.ordered_by(published_on, published_precision, known_from) DESC NULLS LAST, dataset) = 1
),
place_of AS (
    SELECT milestone, list(DISTINCT place ORDER BY place) AS places FROM (
        SELECT milestone, place FROM core.milestone_current
        UNION ALL SELECT milestone, counterpart FROM core.milestone_current WHERE kind = 'sister_tie' AND counterpart IS NOT NULL
    ) GROUP BY ALL
)
SELECT c.milestone, c.name, c.kind, len(p.places) AS place_count, array_to_string(p.places, ';') AS places,
    CASE WHEN c.opened_precision = 'day' THEN c.opened_on END AS opened_on,
    CASE c.opened_precision WHEN 'day' THEN c.opened_on WHEN 'month' THEN date_trunc('month', c.opened_on)::DATE WHEN 'year' THEN make_date(c.year, 1, 1) END AS opened_from,
    CASE c.opened_precision WHEN 'day' THEN c.opened_on WHEN 'month' THEN last_day(c.opened_on) WHEN 'year' THEN make_date(c.year, 12, 31) END AS opened_to,
    c.opened_precision, c.year, c.length_km, c.design_speed_kmh,
    c.source, c.dataset, c.publisher, c.published_on, c.published_precision, c.artifact, c.note,
    c.other_figures::INTEGER AS other_figures, c.dates::INTEGER AS other_dates
FROM chosen AS c JOIN place_of AS p USING (milestone)
ORDER BY kind, year, milestone;

-- One row a place of a milestone. The length there is known where a line lies in one place; of a line in several it is in the row _X.
{{ stored("mart.milestone_places") }} AS
SELECT m.milestone, m.name, m.kind, p.place, k.name AS place_name, core.place_kind(k.kind, p.place) AS place_kind,
    m.opened_on, m.opened_from, m.opened_to, m.opened_precision, m.year,
    CASE WHEN m.place_count = 1 THEN m.length_km END AS length_there_km, m.design_speed_kmh,
    m.source, m.dataset, m.publisher, m.published_on, m.published_precision, m.artifact, false AS is_residual
FROM mart.milestones AS m, (SELECT unnest(string_split(m.places, ';')) AS place) AS p
JOIN ref.place AS k ON k.place = p.place
UNION ALL
SELECT milestone, name, kind, '_X', 'not allotted', 'unspecified', opened_on, opened_from, opened_to, opened_precision, year, length_km, design_speed_kmh,
    source, dataset, publisher, published_on, published_precision, artifact, true
FROM mart.milestones WHERE place_count > 1 AND length_km IS NOT NULL
ORDER BY kind, milestone, place;
