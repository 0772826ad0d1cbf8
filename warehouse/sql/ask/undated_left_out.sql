-- How many current figures of the wanted kinds are unknown at the moment of an as-of question only for want of a date of publication: they
-- were received after it. Of trade also those of bulk datasets.
SELECT sum(figures)::BIGINT
FROM (
    {% for kind in kinds %}
    SELECT count(*) AS figures FROM published.core.{{ kind }} AS t JOIN published.meta.editions AS e USING (edition)
    WHERE t.superseded_by IS NULL AND e.published_on IS NULL AND e.edition NOT IN (FROM known_by)
    {{ "UNION ALL" if not loop.last }}
    {% endfor %}
    {% if "trade" in kinds %}
    UNION ALL
    SELECT count(*) FROM published.core.trade_bulk AS t
    JOIN (
        SELECT p.part FROM published.core.trade_part AS p JOIN published.meta.editions AS e USING (edition)
        WHERE p.superseded_by IS NULL AND e.published_on IS NULL AND e.edition NOT IN (FROM known_by)
    ) USING (part)
    {% endif %}
)
