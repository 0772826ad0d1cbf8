-- The other figures of the cell of a figure. Parameters: the values of the columns of the cell, then the edition of the figure.
SELECT dataset, publisher, published_on, published_precision, {{ number }} AS number, preference_reason
FROM {{ figures }}
WHERE {% for column in cell %}{{ column }} IS NOT DISTINCT FROM ?{{ " AND " if not loop.last }}{% endfor %}

  AND NOT is_preferred AND edition <> ?
ORDER BY published_on DESC NULLS LAST, dataset, edition
