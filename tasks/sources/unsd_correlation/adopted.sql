-- The pairs of a file are kept with it.
DELETE FROM ref.stated_correlation WHERE artifact = {{ artifact | sql }};
INSERT INTO ref.stated_correlation BY NAME
SELECT from_classification, from_product, to_classification, to_product, relation, is_correlation, is_conversion, family,
    {{ artifact | sql }} AS artifact, CAST({{ received_at | sql }} AS TIMESTAMPTZ) AS received_at
FROM accepted
