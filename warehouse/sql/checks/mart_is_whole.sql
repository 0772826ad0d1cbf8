-- The mart shows every current version once: no join loses or repeats a row
SELECT stored, shown
FROM (SELECT count(*) FILTER (superseded_by IS NULL) AS stored FROM {{ table }}), (SELECT count(*) AS shown FROM mart.{{ fact }})
WHERE stored <> shown
