INSERT OR REPLACE INTO answer
    (source, digest, etag, last_modified, stamp, artifact, rows, following, code, received_at)
VALUES
    (:source, :digest, :etag, :last_modified, :stamp, :artifact, :rows, :following, :code, :received_at)
