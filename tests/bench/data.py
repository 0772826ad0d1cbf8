"""Making BACI-shaped files: CEPII's layout and real country codes, made-up products and figures.

Columns ``t,i,j,k,v,q``: year, exporter, importer, HS6 product, value in thousand USD with three decimals, quantity in
metric tons or ``NA`` padded with blanks (2 % of rows); sorted by i, j, k, every key once. The same arguments give the
same bytes. Never load the files into anything an analyst reads.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.bench.sql import text
from tests.support.paths import ROOT

PLACE_CODES = ROOT / "warehouse" / "reference" / "place_codes.csv"
#: A prime, and about as many products as the Harmonized System of 1992 has.
PRODUCTS = 5003
_HEADINGS_OF_A_CHAPTER = 53

#: Rows that no schema should accept, each for a reason of its own; ``{t}`` is the year. ``None`` repeats the row before.
BAD_ROWS: tuple[str | None, ...] = (
    "{t},156,392,010110,-5.000,1.000",
    "{t},156,392,010110,inf,1.000",
    "{t},156,392,010110,-inf,1.000",
    "{t},156,392,010110,abc,1.000",
    "{t},156,392,010110,NaN,1.000",
    "{t},156,392,010110,,1.000",
    "{t},156,392,010110,1e30,1.000",
    "{t},156,392,10110,7.500,1.000",
    "{t},156,392,01A110,7.500,1.000",
    "{t},156,392,,7.500,1.000",
    "{t},999999,392,010110,7.500,1.000",
    "{t},156,999999,010110,7.500,1.000",
    "{t},,392,010110,7.500,1.000",
    "{t},JPN,392,010110,7.500,1.000",
    "{t},156,392,010110,7.500,-2.000",
    "{t},156,392,010110,7.500,many",
    "x{t},156,392,010110,7.500,1.000",
    "{t},156,392,010110",
    "{t},156,392,010110,7.500,1.000,extra",
    None,
)


@dataclass(frozen=True)
class YearFile:
    """A file that was made. ``revised`` rows have another value than the same call without ``revised`` writes."""

    path: Path
    year: int
    rows: int
    revised: int


@dataclass(frozen=True)
class BadRow:
    """A bad row: its number among the file's records, from 1 and without the header, and its text."""

    number: int
    line: str


def write_year(folder: Path, year: int, rows: int, release: str = "V202501", revised: float = 0.0) -> YearFile:
    """Write about ``rows`` flows of a year as release ``release``; ``revised`` is the share of changed values."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"BACI_HS92_Y{year}_{release}.csv"
    with duckdb.connect() as con:
        con.execute(f"SET temp_directory = '{folder / 'spill'}'")
        _create_codes(con)
        con.execute(text("year.sql", year=year, rows=rows, revised=revised, products=PRODUCTS))
        changed = con.execute("SELECT count(*) FROM flows WHERE is_revised").fetchone()
        written = con.execute(text("write.sql", year=year, path=path)).fetchone()
    assert changed is not None
    assert written is not None
    return YearFile(path, year, written[0], changed[0])


def write_code_lists(folder: Path, release: str = "V202501") -> list[Path]:
    """Write the code lists that CEPII puts beside the years: countries and products."""
    countries = folder / f"country_codes_{release}.csv"
    products = folder / f"product_codes_HS92_{release}.csv"
    with duckdb.connect() as con:
        _create_codes(con)
        con.execute(
            "COPY (SELECT code AS country_code, place AS country_name, NULL AS country_iso2, place AS country_iso3 "
            f"FROM place ORDER BY code) TO '{countries}' (HEADER)"
        )
        con.execute(
            f"COPY (SELECT code, 'YearFile-up product ' || code AS description FROM product ORDER BY p) TO '{products}' (HEADER)"
        )
    return [countries, products]


def zip_release(years: list[YearFile], folder: Path, release: str = "V202501") -> Path:
    """Put years into one archive, as CEPII publishes them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"BACI_HS92_{release}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for year in years:
            archive.write(year.path, year.path.name)
    return path


def spoil(clean: YearFile, folder: Path) -> tuple[Path, list[BadRow]]:
    """Copy a file of at least 100 rows into ``folder`` with BAD_ROWS spread over it; say which rows they are."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / clean.path.name
    every = clean.rows // (len(BAD_ROWS) + 1)
    wanted = {every * (n + 1): bad for n, bad in enumerate(BAD_ROWS)}
    bad_rows = []
    with clean.path.open() as source, path.open("w") as target:
        for number, (line, is_bad) in enumerate(_with_bad(source, wanted, clean.year)):
            target.write(line)
            if is_bad:
                bad_rows.append(BadRow(number, line.removesuffix("\n")))
    return path, bad_rows


def _with_bad(lines: Iterator[str], wanted: dict[int, str | None], year: int) -> Iterator[tuple[str, bool]]:
    """Every line, and behind the ones that are wanted a bad one."""
    for number, line in enumerate(lines):
        yield line, False
        if number in wanted:
            bad = wanted[number]
            yield (line if bad is None else bad.format(t=year) + "\n"), True


def _create_codes(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(text("places.sql", place_codes=PLACE_CODES))
    codes = [_product(p) for p in range(PRODUCTS)]
    con.execute(
        "CREATE TEMP TABLE product AS SELECT generate_subscripts(?, 1) - 1 AS p, unnest(?) AS code", [codes, codes]
    )


def _product(number: int) -> str:
    """The code of a product, rising with its number: chapters 01 to 95, six subheadings a heading."""
    chapter, place = divmod(number, _HEADINGS_OF_A_CHAPTER)
    heading, subheading = divmod(place, 6)
    return f"{chapter + 1:02}{heading + 1:02}{subheading + 1}0"
