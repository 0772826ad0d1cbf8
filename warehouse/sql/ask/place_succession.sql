-- The predecessors or successors (the column "wanted") of a place (the column "known").
SELECT s.{{ wanted }}, p.name, s.succeeded_on, s.note
FROM ref.place_succession AS s
JOIN ref.place AS p ON p.place = s.{{ wanted }}
WHERE s.{{ known }} = {{ place | sql }}
ORDER BY s.succeeded_on, s.{{ wanted }}
