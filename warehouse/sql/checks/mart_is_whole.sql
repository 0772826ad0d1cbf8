-- The mart shows every current version once: no join loses or repeats a row
-- severity: stop
SELECT stored, shown
FROM (
    SELECT count(*) FILTER (superseded_by IS NULL) AS stored
    FROM {% if is_trade %}(SELECT superseded_by FROM core.trade UNION ALL SELECT superseded_by FROM core.trade_bulk JOIN core.trade_part USING (part)){% else %}{{ table }}{% endif %}

), (SELECT count(*) AS shown FROM {{ figures }})
WHERE stored <> shown
