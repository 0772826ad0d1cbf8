-- Rows that share their key with another row that broke no rule. Where all of them say the same, the first
-- one stands; where they differ, none does: nothing tells which is right.
INSERT INTO {{ refused }}
WITH good AS (
    SELECT {{ row_number }} AS row_number, {{ key_columns }}, hash({{ content }}) AS content
    FROM {{ rows }} AS t0
    WHERE ({{ candidates }}) AND {{ row_number }} NOT IN (SELECT row_number FROM {{ refused }})
),
repeated AS (
    SELECT {{ keys }}, min(row_number) AS first_row, count(DISTINCT content) AS contents
    FROM good
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT
    g.row_number,
    CASE WHEN r.contents = 1 THEN 'repeated key: the same as row ' || r.first_row
         ELSE 'repeated key: row ' || r.first_row || {{ (" has the same " ~ keys ~ ", but other values") | sql }} END
FROM good AS g
JOIN repeated AS r ON {{ join }}
WHERE r.contents > 1 OR g.row_number <> r.first_row
