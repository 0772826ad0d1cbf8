-- Which printed units an indicator may come in: those of its kind.
CREATE OR REPLACE VIEW ref.indicator_unit AS
SELECT i.indicator || ' in ' || u.printed_unit AS pair
FROM ref.indicator AS i
JOIN ref.unit AS u ON u.kind = i.unit_kind;
