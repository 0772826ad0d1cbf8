-- The values of each mart that changed most, and of new and gone ones the largest. Parameter: how many of each mart.
FROM change
QUALIFY row_number() OVER (
    PARTITION BY mart ORDER BY kind <> 'changed', abs(relative_difference) DESC NULLS LAST,
        abs(TRY_CAST(coalesce(after, before) AS DOUBLE)) DESC NULLS LAST, cell, column_name) <= ?
ORDER BY mart, kind <> 'changed', abs(relative_difference) DESC NULLS LAST,
    abs(TRY_CAST(coalesce(after, before) AS DOUBLE)) DESC NULLS LAST, cell, column_name
