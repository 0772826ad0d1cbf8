"""BACI from its publisher: the page that leads to a zip, the zip, and the lists beside the figures."""

import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.archive import store
from tasks.contract.service import Request, Selection
from tasks.intake import adopt
from tasks.sources.cepii_baci import SOURCE, files
from tests.support.answers import answer
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData
from warehouse.settings import Home

PAGE = """<html><a href="/DATA_DOWNLOAD/baci/data/BACI_HS92_V202501.zip">HS92</a>
<a href="/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip">HS92</a><a href="/DATA_DOWNLOAD/baci/data/BACI_HS17_V202601.zip">HS17</a></html>"""
ROWS = "t,i,j,k,v,q\n2023,410,156,852352,2907.707,54.363\n"


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, ROWS)
    return content.getvalue()


def page_request(first: int = 1992) -> Request:
    (request,) = SOURCE.requests(Selection(first, 2024))
    return request


def test_the_page_leads_to_the_newest_versions_zip(tmp_path: Path) -> None:
    request = page_request()
    assert (request.path, request.parameters) == ("/CEPII/en/bdd_modele/bdd_modele_item.asp", (("id", "37"),))
    judged = SOURCE.judge(request, answer(tmp_path, PAGE, "page"))
    assert (judged.is_kept, judged.stamp) == (False, "202601")
    (following,) = judged.following
    assert following.path == "/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip"
    assert following.filename == "BACI_HS92_V202601.zip"


@pytest.mark.parametrize(
    ("first", "edition"), [(1992, "92"), (1995, "92"), (1996, "96"), (2016, "12"), (2017, "17"), (2023, "22")]
)
def test_the_edition_is_the_newest_that_covers_the_years(first: int, edition: str) -> None:
    assert dict(page_request(first).context)["edition"] == edition


def test_years_before_bacis_first_ask_for_nothing() -> None:
    assert list(SOURCE.requests(Selection(1980, 1994))) == []


ASKED = Request("/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip", "BACI_HS92_V202601.zip",
                context=(("edition", "92"), ("stamp", "202601")))  # fmt: skip


def test_a_zip_of_the_version_is_counted_by_its_years_and_adopted(tmp_path: Path, home: Home) -> None:
    path = tmp_path / ASKED.filename
    good = answer(
        tmp_path, zipped("BACI_HS92_Y2022_V202601.csv", "BACI_HS92_Y2023_V202601.csv", "Readme.txt"), ASKED.filename
    )
    judged = SOURCE.judge(ASKED, good)
    assert (judged.rows, judged.stamp, judged.is_kept) == (2, "V202601", True)
    taken = [a.source for a in adopt.adopt(home, [path])]
    assert taken.count("cepii.baci") == 2


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("country_code,country_name,country_iso2,country_iso3\n4,Afghanistan,AF,AFG\n", "list of countries"),
        (
            "\ufeffcountry_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha\n4,A,A,AF,AFG\n",
            "list of countries",
        ),
        ('"code","description"\n"10121","Horses"\n', "list of products"),
        ("code,description,bec\n010121,Horses,41\n", "list of products"),
        ("Name of the dataset : BACI\n\nVersion : 202201\n", "readme of version V202201"),
    ],
)
def test_lists_beside_the_figures_are_named_and_not_kept(
    home: Home, tmp_path: Path, text: str, description: str
) -> None:
    (tmp_path / "list.csv.gz").write_bytes(gzip.compress(text.encode()))
    (adopted,) = adopt.adopt(home, [tmp_path / "list.csv.gz"])
    assert adopted.source is None
    assert description in adopted.message
    assert store.manifests(home) == []


def test_other_lists_are_not_bacis(home: Home, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("code,description\nA,Agriculture\n")
    (adopted,) = adopt.adopt(home, [tmp_path / "list.csv"])
    assert "no source recognises" in adopted.message


CSV_NAME = "BACI_HS92_Y2023_V202601.csv"


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen(CSV_NAME, ROWS, rows=1)
    golden = {
        "SELECT reporter, partner, product, value_usd FROM mart.trade_figures": [
            ("KOR", "CHN", "852352", Decimal("2907707.000"))
        ]
    }
    bad_row = BadRow(ROWS + "2023,9999,156,852352,1,1\n", rule="i: stands in")
    refused_forms = {files.OF_BEFORE_VERSIONS.form: "t,hs6,i,j,v,q\n1995,010111,4,251,1.5,2\n"}
    changed_layouts = {"another column": (ROWS.replace("t,i,j,k,v,q", "t,i,j,k,v,w"), "no source")}
    refused_answers = {
        "a page without the zip": Refused(page_request(), "<html>moved</html>", LayoutChanged, "links no BACI_HS92"),
        "HTML": Refused(ASKED, "<html>not found</html>", NotData, r"cepii\.baci"),
        "a cut zip": Refused(ASKED, zipped(CSV_NAME)[:-40], NotData, r"cepii\.baci"),
        "a zip without years": Refused(ASKED, zipped("Readme.txt"), EmptyAnswer, r"cepii\.baci"),
        "another version": Refused(ASKED, zipped("BACI_HS92_Y2023_V202501.csv"), LayoutChanged, r"cepii\.baci"),
        "another edition": Refused(ASKED, zipped("BACI_HS17_Y2023_V202601.csv"), LayoutChanged, r"cepii\.baci"),
    }
    valid_answers = {
        "the page": Valid(page_request(), PAGE, rows=2),
        "a zip of two years": Valid(ASKED, zipped(CSV_NAME, "BACI_HS92_Y2022_V202601.csv", "Readme.txt"), rows=2),
    }
