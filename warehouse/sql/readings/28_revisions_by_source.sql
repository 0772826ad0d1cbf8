-- How much each dataset revises its figures: sizes are without sign, so that revisions up and down do not cancel out.
CREATE OR REPLACE VIEW mart.revisions_by_source AS
SELECT source, dataset, fact, count(*) FILTER (change = 'revised') AS revisions,
    count(*) FILTER (change = 'new') AS newly_stated, count(*) FILTER (change = 'gone') AS withdrawn,
    median(abs(relative_difference)) AS median_relative_difference, max(abs(relative_difference)) AS largest_relative_difference,
    count(*) FILTER (direction_of_change = 'up') / nullif(count(direction_of_change), 0)::DOUBLE AS share_up,
    median(days_between)::DOUBLE AS median_days_between
FROM mart.revisions
GROUP BY source, dataset, fact
ORDER BY source, dataset, fact;
