-- The keys of the rows with some numbers.
SELECT {{ row_number }}{% for k in key %}, t0."{{ k }}"{% endfor %}

FROM {{ rows }} AS t0
WHERE {{ row_number }} IN (SELECT unnest($numbers::BIGINT[]))
