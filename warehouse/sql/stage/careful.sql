-- Records that were read as text, at positions of the table "staged_as_text", with their numbers among all records of their file.
CREATE OR REPLACE TEMP TABLE careful AS
SELECT n.number, s.*
FROM (SELECT rowid - (SELECT min(rowid) FROM staged_as_text) + 1 AS position, * FROM staged_as_text) AS s
JOIN (SELECT unnest($positions::BIGINT[]) AS position, unnest($numbers::BIGINT[]) AS number) AS n USING (position)
