-- Layout 2 keeps bulk datasets in core.trade_bulk. What layout 1 had of them in core.trade goes; it is loaded again from
-- the archive, with the moments it was received at.
DELETE FROM core.trade WHERE edition IN (SELECT edition FROM meta.editions WHERE source = 'cepii.baci');
UPDATE meta.loads SET identity = 'to be loaded again' WHERE source = 'cepii.baci';
DELETE FROM meta.editions WHERE source = 'cepii.baci';
