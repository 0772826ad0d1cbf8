SELECT etag, last_modified, stamp, artifact, rows, following, code
FROM answer
WHERE source = :source AND digest = :digest
