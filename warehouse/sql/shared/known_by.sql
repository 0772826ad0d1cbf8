-- The editions a reader could have known at the moment.
CREATE TABLE known_by AS
SELECT edition FROM published.meta.editions
WHERE coalesce(published_on::TIMESTAMPTZ, known_from) <= {{ moment | sql }}::TIMESTAMPTZ
