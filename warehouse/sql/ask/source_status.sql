-- One row a source: what is published of it.
WITH figure AS (
    {% for fact in ("trade_figures", "fdi_figures", "fdi_rate", "indicator_figures", "pair", "presence_figures") %}
    {{ "UNION ALL " if not loop.first }}SELECT source, period_end, period FROM mart.{{ fact }}
    {% endfor %}
),
figures AS (
    SELECT source, count(*) AS figures, arg_max(period, period_end) AS newest_period FROM figure GROUP BY ALL
),
files AS (
    SELECT source, count(DISTINCT artifact) AS files FROM meta.editions WHERE retracted_at IS NULL GROUP BY ALL
),
received AS (
    SELECT source, max(received_at) AS last_received FROM meta.artifacts GROUP BY ALL
),
quarantined AS (
    SELECT source, count(*) AS quarantined FROM meta.quarantine GROUP BY ALL
),
set_aside AS (
    SELECT source, sum(rows_set_aside)::BIGINT AS set_aside FROM meta.set_aside GROUP BY ALL
),
calendar AS (
    SELECT source, any_value(source_state) AS source_state, any_value(expected_by) AS expected_by FROM mart.freshness GROUP BY ALL
)
SELECT s.source, s.title, coalesce(f.files, 0) AS files, r.last_received, g.newest_period, coalesce(g.figures, 0) AS figures,
    coalesce(q.quarantined, 0) AS quarantined, coalesce(a.set_aside, 0) AS set_aside, s.licence,
    c.source_state, c.expected_by
FROM ref.source AS s
LEFT JOIN figures AS g USING (source)
LEFT JOIN files AS f USING (source)
LEFT JOIN received AS r USING (source)
LEFT JOIN quarantined AS q USING (source)
LEFT JOIN set_aside AS a USING (source)
LEFT JOIN calendar AS c USING (source)
ORDER BY s.source
