-- What pulls keep between runs and processes. Times are seconds since 1970, UTC.

-- When a service may next be asked, over all processes.
CREATE TABLE IF NOT EXISTS pace (source TEXT PRIMARY KEY, next_free REAL NOT NULL);

-- Until when a service wants to be left alone, by what it said to those with and without a key.
CREATE TABLE IF NOT EXISTS block (
    source TEXT NOT NULL, has_key INTEGER NOT NULL, until REAL NOT NULL, PRIMARY KEY (source, has_key)
);

-- Every request sent in the last two days: quotas are counted from it.
CREATE TABLE IF NOT EXISTS sent (source TEXT NOT NULL, sent_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sent_by_source ON sent (source, sent_at);

-- A pull: what was asked of a source. ``digest`` is that of the source, its address, the question and the requests.
CREATE TABLE IF NOT EXISTS plan (
    plan INTEGER PRIMARY KEY, digest TEXT NOT NULL, source TEXT NOT NULL, begun_at REAL NOT NULL, touched_at REAL NOT NULL,
    closed_at REAL
);
CREATE INDEX IF NOT EXISTS plan_by_digest ON plan (digest);

-- Its requests. What an answer leads to, and the parts of a request that was too large, come after it within its ``root``.
-- state: open, done, split, refused (not there), faulty (to be asked again, after the others).
CREATE TABLE IF NOT EXISTS step (
    plan INTEGER NOT NULL, root INTEGER NOT NULL, number INTEGER NOT NULL, request TEXT NOT NULL, digest TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open', is_late INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0, told TEXT,
    PRIMARY KEY (plan, root, number), UNIQUE (plan, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS step_to_do ON step (plan, state, is_late, root, number);

-- The last good answer to each request, for asking only for what has changed. ``code`` is the source's own when it was judged.
CREATE TABLE IF NOT EXISTS answer (
    source TEXT NOT NULL, digest TEXT NOT NULL, etag TEXT, last_modified TEXT, stamp TEXT, artifact TEXT, rows INTEGER NOT NULL,
    following TEXT NOT NULL, code TEXT NOT NULL, received_at REAL NOT NULL, PRIMARY KEY (source, digest)
) WITHOUT ROWID;

-- The last pull of each source and how it ended; and the limits of its service, so that what is left of them can be told.
CREATE TABLE IF NOT EXISTS pulled (
    source TEXT PRIMARY KEY, ended_at REAL NOT NULL, whole_at REAL, told TEXT NOT NULL, hourly INTEGER, daily INTEGER
);
