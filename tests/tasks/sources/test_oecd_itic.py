"""The OECD's margins between CIF and FOB: of pairs of places, in percent of imports at CIF."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources.oecd_itic import SOURCE
from tests.support.answers import answer
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys, ServiceRefused, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., Outcome]

#: The header of the file with labels, as downloaded.
LABELLED = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,REF_AREA,Reference area,COUNTERPART_AREA,Counterpart area,MEASURE,Measure,"
    "PRODUCT_TYPE,Product type,COMM_HS2017,Product,FREQ,Frequency of observation,UNIT_MEASURE,Unit of measure,TIME_PERIOD,"
    "Time period,OBS_VALUE,Observation value,OBS_STATUS,Observation status,METHODOLOGY_TYPE,Methodology type,UNIT_MULT,"
    "Unit multiplier,DECIMALS,Decimals"
)
HEADER = (
    "DATAFLOW,REF_AREA,COUNTERPART_AREA,MEASURE,PRODUCT_TYPE,COMM_HS2017,FREQ,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
    "METHODOLOGY_TYPE,UNIT_MULT,DECIMALS"
)


def record(value: str = "4.6765049794874", **changes: str) -> str:
    """A record of China's imports from Japan, some cells changed."""
    cells = {
        "DATAFLOW": "OECD.SDD.TPS:DSD_ITIC@DF_ITIC(1.1)", "REF_AREA": "CHN", "COUNTERPART_AREA": "JPN", "MEASURE": "C_F",
        "PRODUCT_TYPE": "C", "COMM_HS2017": "_T", "FREQ": "A", "UNIT_MEASURE": "PT_IM_CIF", "TIME_PERIOD": "2016",
        "OBS_VALUE": value, "OBS_STATUS": "I", "METHODOLOGY_TYPE": "AG", "UNIT_MULT": "0", "DECIMALS": "2",
    } | changes  # fmt: skip
    return ",".join(cells.values())


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt a file of these records and load it."""

    def loading(*records: str, header: str = HEADER) -> Outcome:
        path = tmp_path / "itic.csv"
        path.write_text("\n".join([header, *records]) + "\n", encoding="utf-8")
        told = adopt_files(home, path)["itic.csv"]
        assert told.source == "oecd.itic", told.message
        (outcome,) = load_pending(warehouse, home, settings, SOURCE)
        assert outcome.fault is None, outcome.fault
        return outcome

    return loading


def shown(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.pair WHERE source = 'oecd.itic' ORDER BY ALL").fetchall()


MARGIN = ("CHN", "JPN", "cif_fob_margin", "2016", Decimal("4.676504979487400"), "percent", "4.6765049794874", "I")
COLUMNS = "place, counterpart, indicator, period, value, unit, printed_value, obs_status"


def test_a_margin_is_a_figure_of_two_places(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(record())
    assert shown(warehouse, COLUMNS) == [MARGIN]


def test_the_form_with_labels_says_the_same(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    line = ",".join(f'{cell},"Label, with a comma"' for cell in record().split(",")[1:])
    load(f"DATAFLOW,OECD.SDD.TPS:DSD_ITIC@DF_ITIC(1.1),Costs,I,{line}", header=LABELLED)
    assert shown(warehouse, COLUMNS) == [MARGIN]


def test_missing_is_not_zero(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(record("", TIME_PERIOD="2015"), record("NaN"), record("0", TIME_PERIOD="2017", OBS_STATUS=""))
    assert shown(warehouse, "period, value, obs_status") == [
        ("2015", None, "O"),
        ("2016", None, "O"),
        ("2017", Decimal("0E-15"), "A"),
    ]


BAD = {
    "oecd_product: isin": {"COMM_HS2017": "01"},
    "oecd_unit_measure: isin": {"UNIT_MEASURE": "PT_EX_FOB"},
    "oecd_unit_mult: isin": {"UNIT_MULT": "6"},
    "oecd_counterpart_area: stands in": {"COUNTERPART_AREA": "ATLANTIS"},
    "oecd_value: str_matches": {"OBS_VALUE": "4.67 %"},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_record_is_quarantined_by_its_rule(load: Load, rule: str) -> None:
    (refused,) = load(record(), record(**{"TIME_PERIOD": "2017"} | BAD[rule])).quarantined
    assert refused.row_number == 2
    assert rule in refused.rules


# --- the service --------------------------------------------------------------------------------------------


def data_requests(selection: Selection) -> list[Request]:
    """The requests for data that the question for the constraint leads to."""
    answers = [SOURCE.judge_status(first, 404, "not found") for first in SOURCE.requests(selection)]
    return [r for valid in answers if valid is not None for r in valid.following]


def test_the_default_question() -> None:
    (constraint,) = SOURCE.requests(Selection(1995, 2024))
    assert constraint.path == "/contentconstraint/OECD.SDD.TPS/CR_A_DSD_ITIC@DF_ITIC/"
    requests = data_requests(Selection(1995, 2024))
    assert len(requests) == 4
    assert requests[0].path.startswith("/data/OECD.SDD.TPS,DSD_ITIC@DF_ITIC,1.1/CHN+JPN+KOR+USA+AUT+")
    assert requests[0].path.endswith(".C_F.C._T.A.PT_IM_CIF")
    assert len(requests[0].path.rsplit("/", 1)[-1].split(".")) == 7
    assert len({r.filename for r in requests}) == 4


def test_the_world_is_no_pair() -> None:
    with pytest.raises(Unknown, match="pairs of economies"):
        list(SOURCE.requests(Selection(2016, 2016, partners=("WLD",))))


def test_the_constraint_dates_the_data(tmp_path: Path) -> None:
    (first,) = SOURCE.requests(Selection(2016, 2016))
    judged = SOURCE.judge(first, answer(tmp_path, b'<x validFrom="2026-01-02T00:00:00"/>', "c.xml"))
    assert {r.stamp for r in judged.following} == {"2026-01-02T00:00:00"}


RECORDS = f"{HEADER}\n{record()}\n"
(DATA_REQUEST,) = data_requests(Selection(2016, 2016, reporters=("CHN",)))


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("itic.csv", RECORDS, rows=1)
    golden = {f"SELECT {COLUMNS} FROM mart.pair": [MARGIN]}
    bad_row = BadRow(f"{RECORDS}{record(TIME_PERIOD='2017', REF_AREA='XXX')}\n", rule="ref_area: stands in")
    changed_layouts = {
        "a new column": (f"{HEADER},VALUATION\n{record()},X\n", "has the unknown VALUATION"),
        "saved in a spreadsheet": (RECORDS.replace(",", ";"), "saved in a spreadsheet"),
    }
    refused_answers = {
        "empty": Refused(DATA_REQUEST, "", EmptyAnswer, "DF_ITIC"),
        "HTML": Refused(DATA_REQUEST, "<html></html>", NotData, "DF_ITIC"),
        "HTML about a VPN": Refused(DATA_REQUEST, "<html>VPN traffic refused</html>", ServiceRefused, "DF_ITIC"),
        "a new column": Refused(DATA_REQUEST, f"{HEADER},NEW\n{record()},1\n", LayoutChanged, "DF_ITIC"),
        "another structure": Refused(DATA_REQUEST, RECORDS.replace("DSD_ITIC@", "DSD_FDI@"), NotData, "DF_ITIC"),
        "a figure twice": Refused(DATA_REQUEST, f"{RECORDS}{record('2')}\n", RepeatedKeys, "DF_ITIC"),
    }
    valid_answers = {"a margin": Valid(DATA_REQUEST, RECORDS, rows=1)}


@pytest.mark.parametrize("economy", ["ATF", "CXR", "HMD", "MTQ", "SXM"])
def test_every_economy_of_iso_can_be_a_counterpart(
    load: Load, warehouse: duckdb.DuckDBPyConnection, economy: str
) -> None:
    assert load(record(COUNTERPART_AREA=economy)).rows_quarantined == 0
    assert warehouse.execute("SELECT counterpart FROM mart.pair WHERE source = 'oecd.itic'").fetchall() == [(economy,)]
