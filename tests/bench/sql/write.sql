-- In CEPII's layout: codes without leading zeros, products with them, an unknown quantity as NA padded with blanks.
COPY (
    SELECT {year} AS t, f.i, f.j, k.code AS k, f.v, coalesce(CAST(f.q AS VARCHAR), '           NA') AS q
    FROM flows AS f JOIN product AS k ON k.p = f.p
    ORDER BY f.i, f.j, f.p
) TO '{path}' (HEADER, DELIMITER ',', QUOTE '')
