-- What pulls keep between runs and processes. Times are seconds since 1970, UTC.

-- The earliest time of the next request to a service, over all processes.
CREATE TABLE IF NOT EXISTS pace (source TEXT PRIMARY KEY, next_free REAL NOT NULL);

-- The end of the pause that a service asked for, separately for requests with and without a key.
CREATE TABLE IF NOT EXISTS block (
    source TEXT NOT NULL, has_key INTEGER NOT NULL, until REAL NOT NULL, PRIMARY KEY (source, has_key)
);

-- Every request sent in the last two days, from which quotas are counted.
CREATE TABLE IF NOT EXISTS sent (source TEXT NOT NULL, sent_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sent_by_source ON sent (source, sent_at);

-- Plans of pulls. ``digest`` is the hash of the source, its address, the selection and the requests.
CREATE TABLE IF NOT EXISTS plan (
    plan INTEGER PRIMARY KEY, digest TEXT NOT NULL, source TEXT NOT NULL, begun_at REAL NOT NULL, touched_at REAL NOT NULL,
    closed_at REAL
);
CREATE INDEX IF NOT EXISTS plan_by_digest ON plan (digest);

-- The requests of plans. Requests that an answer leads to, and the parts of a split request, follow within its ``root``.
-- ``state``: open, done, split, refused (not sent again), faulty (sent again, after the others). ``told`` is the message
-- of a request that failed.
CREATE TABLE IF NOT EXISTS step (
    plan INTEGER NOT NULL, root INTEGER NOT NULL, number INTEGER NOT NULL, request TEXT NOT NULL, digest TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open', is_late INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0, told TEXT,
    PRIMARY KEY (plan, root, number), UNIQUE (plan, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS step_to_do ON step (plan, state, is_late, root, number);

-- The last valid answer to each request, for requesting only what has changed. ``code`` is the hash of the source's code
-- that checked the answer.
CREATE TABLE IF NOT EXISTS answer (
    source TEXT NOT NULL, digest TEXT NOT NULL, etag TEXT, last_modified TEXT, stamp TEXT, artifact TEXT, rows INTEGER NOT NULL,
    following TEXT NOT NULL, code TEXT NOT NULL, received_at REAL NOT NULL, PRIMARY KEY (source, digest)
) WITHOUT ROWID;

-- How the last pull and the last probe (``kind``) of each source ended: ``fault`` is NULL for a good end, ``in_a_row`` counts the bad ones
-- since the last good one.
CREATE TABLE IF NOT EXISTS ended (
    source TEXT NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, fault TEXT, in_a_row INTEGER NOT NULL,
    is_layout_changed INTEGER NOT NULL, PRIMARY KEY (source, kind)
) WITHOUT ROWID;

-- The last pull of each source: when it ended, when one was complete, why it was not (``told``), and the service's limits,
-- from which the rest of the quota is computed.
CREATE TABLE IF NOT EXISTS pulled (
    source TEXT PRIMARY KEY, ended_at REAL NOT NULL, whole_at REAL, told TEXT NOT NULL, hourly INTEGER, daily INTEGER
);
