-- Parts of these editions that no row belongs to any more.
DELETE FROM core.trade_part
WHERE edition IN ({{ editions }}) AND part NOT IN (SELECT DISTINCT part FROM core.trade_bulk)
