-- The pairs of two classifications are those of the file received last; those that come with the project stand where none was.
DELETE FROM ref.correlation;
INSERT INTO ref.correlation BY NAME
SELECT s.* EXCLUDE (artifact, received_at)
FROM ref.stated_correlation AS s
JOIN (
    SELECT DISTINCT ON (from_classification, to_classification) from_classification, to_classification, artifact
    FROM ref.stated_correlation
    ORDER BY from_classification, to_classification, received_at DESC NULLS LAST, artifact DESC NULLS LAST
) AS l USING (from_classification, to_classification)
WHERE s.artifact IS NOT DISTINCT FROM l.artifact
