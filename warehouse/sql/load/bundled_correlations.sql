-- The pairs that come with the project, as ref.correlation has just been filled with them.
DELETE FROM ref.stated_correlation WHERE artifact IS NULL;
INSERT INTO ref.stated_correlation BY NAME FROM ref.correlation
