-- The parts that "moves" leads to and that are not there yet.
INSERT INTO core.trade_part (part, slice, obs_status, edition, superseded_by, first_known_by)
SELECT (SELECT coalesce(max(part), 0) FROM core.trade_part) + row_number() OVER (ORDER BY d.slice, d.edition, d.superseded_by, d.first_known_by, d.obs_status), d.*
FROM (
    SELECT DISTINCT p.slice, p.obs_status, p.edition, m.superseded_by, m.first_known_by
    FROM moves AS m
    JOIN core.trade_part AS p USING (part)
    WHERE NOT EXISTS (
        FROM core.trade_part AS n
        WHERE n.slice = p.slice AND n.obs_status = p.obs_status AND n.edition = p.edition
          AND n.superseded_by IS NOT DISTINCT FROM m.superseded_by AND n.first_known_by IS NOT DISTINCT FROM m.first_known_by)
) AS d
