{% from "load/packed.sql" import packed, unpacked %}
-- How one edition of a bulk dataset differs from what is current in its partition: new cells and revised ones, and, "with_gone", those that it no
-- longer states. "position" is the row the new version replaces, "part" the part that row is in, "previous" its value. Where all that is
-- current is one part, eleven million rows need not carry its number through the join.
CREATE OR REPLACE TEMP TABLE delta AS
SELECT
    {{ unpacked("s", "c.packed") if with_gone else "s.reporter_key, s.partner_key, s.product_number" }}, s.value, s.net_weight_kg, c.position,
    {{ "c.part" if current | length > 1 else current[0] }} AS part, c.value AS previous,
    CASE WHEN c.position IS NULL THEN 'new' {{ "WHEN s.reporter_key IS NULL THEN 'gone' " if with_gone }}ELSE 'revised' END AS change
FROM bulk_rows AS s
{{ "FULL" if with_gone else "LEFT" }} JOIN (
    SELECT t.rowid AS position, {{ packed("t") }} AS packed, t.value, t.net_weight_kg, t.part
    FROM core.trade_bulk AS t
    WHERE t.part IN ({{ current | join(", ") }})
) AS c ON c.packed = {{ packed("s") }}
WHERE c.position IS NULL
{% if with_gone %}
   OR (s.reporter_key IS NULL{% if gone %} AND c.part NOT IN ({{ gone | join(", ") }}){% endif %})
   OR (s.reporter_key IS NOT NULL AND (s.value IS DISTINCT FROM c.value OR s.net_weight_kg IS DISTINCT FROM c.net_weight_kg))
{% else %}
   OR s.value IS DISTINCT FROM c.value
   OR s.net_weight_kg IS DISTINCT FROM c.net_weight_kg
{% endif %}
