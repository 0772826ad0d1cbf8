-- The versions of bulk datasets with what their parts say of them.
SELECT t.*, p.slice, p.edition, p.superseded_by
FROM core.trade_bulk AS t
JOIN core.trade_part AS p USING (part)
