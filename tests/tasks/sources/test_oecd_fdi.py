"""The OECD's direct investment: millions, confidential cells, what is a dataset of its own, and how answers are judged."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources._shared.oecd import service as oecd
from tasks.sources.oecd_fdi import SOURCE, TABLES_UNTIL_2024
from tests.support.answers import answer
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, ServiceRefused, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., Outcome]

CODES = (
    "REF_AREA,MEASURE,UNIT_MEASURE,MEASURE_PRINCIPLE,ACCOUNTING_ENTRY,TYPE_ENTITY,FDI_COMP,SECTOR,COUNTERPART_AREA,"
    "LEVEL_COUNTERPART,ACTIVITY,FREQ,FDI_COLLECTION_ID,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,CONF_STATUS,CURRENCY,DECIMALS"
)
HEADER = f"DATAFLOW,{CODES}"
FLOW = "OECD.DAF.INV:DSD_FDI@DF_FDI_POS_CTRY(1.0)"


def record(value: str = "108230.5", **changes: str) -> str:
    """A record of Japan's outward position in China, some cells changed."""
    cells = {
        "DATAFLOW": FLOW, "REF_AREA": "JPN", "MEASURE": "LE_FA_F", "UNIT_MEASURE": "USD_EXC", "MEASURE_PRINCIPLE": "DO",
        "ACCOUNTING_ENTRY": "NET_FDI", "TYPE_ENTITY": "ALL", "FDI_COMP": "D", "SECTOR": "S1", "COUNTERPART_AREA": "CHN",
        "LEVEL_COUNTERPART": "IMC", "ACTIVITY": "_T", "FREQ": "A", "FDI_COLLECTION_ID": "CTRY_IND", "TIME_PERIOD": "2016",
        "OBS_VALUE": value, "OBS_STATUS": "A", "UNIT_MULT": "6", "CONF_STATUS": "F", "CURRENCY": "USD", "DECIMALS": "2",
    } | changes  # fmt: skip
    return ",".join(cells.values())


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt a file of these records and load it."""

    def loading(*records: str, header: str = HEADER) -> Outcome:
        path = tmp_path / "oecd.csv"
        path.write_text("\n".join([header, *records]) + "\n", encoding="utf-8")
        told = adopt_files(home, path)["oecd.csv"]
        assert told.source == "oecd.fdi", told.message
        (outcome,) = load_pending(warehouse, home, settings, SOURCE)
        assert outcome.fault is None, outcome.fault
        return outcome

    return loading


def shown(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.fdi_figures WHERE source = 'oecd.fdi' ORDER BY ALL").fetchall()


# --- what a record means ------------------------------------------------------------------------------------


def test_millions_are_multiplied_out(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """UNIT_MULT is 6 and the value is in millions; the IMF's SCALE 6 beside full units is the opposite."""
    load(record("108230.5"))
    columns = "reporter, counterpart, period, value_usd, value, currency, printed_value, printed_unit"
    assert shown(warehouse, columns) == [
        ("JPN", "CHN", "2016", Decimal("108230500000.00"), Decimal("108230500000.000000"), "USD", "108230.5", "USD million")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("multiplier", "value"), [("0", "12.5"), ("3", "12500"), ("6", "12500000"), ("9", "12500000000")]
)
def test_the_unit_multiplier_is_believed(
    load: Load, warehouse: duckdb.DuckDBPyConnection, multiplier: str, value: str
) -> None:
    load(record("12.5", UNIT_MULT=multiplier))
    assert shown(warehouse, "value_usd") == [(Decimal(value),)]


def test_all_digits_are_kept_as_printed(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(record("19.4007042721415926"), record("-3.1E-07", TIME_PERIOD="2017"))
    assert shown(warehouse, "period, value, printed_value") == [
        ("2016", Decimal("19400704.272142"), "19.4007042721415926"),
        ("2017", Decimal("-0.310000"), "-3.1E-07"),
    ]


def test_confidential_missing_and_zero_are_three_things(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """OBS_STATUS says A at empty values too; CONF_STATUS and the empty value tell what is the case."""
    load(
        record("", CONF_STATUS="C"),
        record("", TIME_PERIOD="2017", CONF_STATUS="N"),
        record("", TIME_PERIOD="2018"),
        record("NaN", TIME_PERIOD="2019"),
        record("", TIME_PERIOD="2020", OBS_STATUS="M"),
        record("0", TIME_PERIOD="2021"),
        record("1", TIME_PERIOD="2022", OBS_STATUS="P"),
    )
    assert shown(warehouse, "period, value_usd, obs_status") == [
        ("2016", None, "Q"), ("2017", None, "Q"), ("2018", None, "O"), ("2019", None, "O"), ("2020", None, "M"),
        ("2021", Decimal("0.00"), "A"), ("2022", Decimal("1000000.00"), "P"),
    ]  # fmt: skip


MEANT = {
    "outward position": ({}, ("direct_investment_position", "position", "outward", "directional", "total")),
    "inward flow": (
        {"MEASURE": "T_FA_F", "MEASURE_PRINCIPLE": "DI"},
        ("bop", "flow", "inward", "directional", "total"),
    ),
    "equity": ({"MEASURE": "T_FA_F5A"}, ("bop", "flow", "outward", "directional", "equity")),
    "reinvested": ({"MEASURE": "T_FA_F5B"}, ("bop", "flow", "outward", "directional", "reinvested_earnings")),
    "debt": ({"MEASURE": "LE_FA_FL"}, ("direct_investment_position", "position", "outward", "directional", "debt")),
    "income": ({"MEASURE": "T_D4P_F"}, ("bop", "income", "outward", "directional", "total")),
    "dividends": ({"MEASURE": "T_D42S_F5"}, ("bop", "income", "outward", "directional", "equity")),
    "assets": (
        {"MEASURE": "T_FA_F", "MEASURE_PRINCIPLE": "A", "ACCOUNTING_ENTRY": "A"},
        ("bop", "flow", "assets", "asset_liability", "total"),
    ),
    "liabilities": (
        {"MEASURE_PRINCIPLE": "A", "ACCOUNTING_ENTRY": "L"},
        ("direct_investment_position", "position", "liabilities", "asset_liability", "total"),
    ),
}


@pytest.mark.parametrize("what", MEANT)
def test_what_a_record_means(load: Load, warehouse: duckdb.DuckDBPyConnection, what: str) -> None:
    changes, meant = MEANT[what]
    load(record("1", **changes))
    assert shown(warehouse, "concept, accounting, direction, principle, instrument") == [meant]


def test_the_world_and_industries(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(record("1", COUNTERPART_AREA="W"), record("2", COUNTERPART_AREA="W", ACTIVITY="A_B"))
    assert shown(warehouse, "counterpart, industry, value_usd") == [
        ("WLD", "A_B", Decimal("2000000.00")),
        ("WLD", "TOTAL", Decimal("1000000.00")),
    ]


def test_figures_of_other_units_or_counterparts_are_datasets_of_their_own(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    outcome = load(
        record("1"),
        record("2", TYPE_ENTITY="ROU"),
        record("3", TYPE_ENTITY="RSP"),
        record("4", LEVEL_COUNTERPART="UIC"),
        record("5", ACCOUNTING_ENTRY="L"),
        record("6", FDI_COLLECTION_ID=""),
    )
    # Without its collection a figure may be the same one again: which holds cannot be said, so neither is kept.
    assert [r.row_number for r in outcome.quarantined] == [1, 6]
    assert shown(warehouse, "dataset, printed_value") == [
        ("oecd.fdi.counterpart_uic", "4"),
        ("oecd.fdi.entry_l", "5"),
        ("oecd.fdi.rou", "2"),
        ("oecd.fdi.rsp", "3"),
    ]


def test_national_currencies_are_named(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(record("2.5", UNIT_MEASURE="XDC", CURRENCY="KRW", REF_AREA="KOR"))
    assert shown(warehouse, "value, currency, printed_unit") == [(Decimal("2500000.000000"), "KRW", "KRW million")]


BAD = {
    "oecd_counterpart_area: stands in": {"COUNTERPART_AREA": "ATLANTIS"},
    "oecd_ref_area: stands in": {"REF_AREA": "XXX"},
    "oecd_value: str_matches": {"value": "19.400.704"},
    "oecd_measure: str_matches": {"MEASURE": "T_FA_F5"},
    "oecd_measure_principle: isin": {"MEASURE_PRINCIPLE": "XX"},
    "oecd_unit_mult: isin": {"UNIT_MULT": "5"},
    "USD_EXC is in dollars": {"CURRENCY": "JPY"},
    "any other unit names its currency": {"UNIT_MEASURE": "XDC", "CURRENCY": ""},
    "the net belongs to DI and DO": {"MEASURE_PRINCIPLE": "A"},
    "oecd_obs_status: isin": {"OBS_STATUS": "Z"},
    "period is written as freq asks": {"TIME_PERIOD": "2016-Q1"},
    "printed_unit": {"UNIT_MEASURE": "XDC", "CURRENCY": "XAU"},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_record_is_quarantined_by_its_rule(load: Load, warehouse: duckdb.DuckDBPyConnection, rule: str) -> None:
    changes = dict(BAD[rule])
    outcome = load(record(), record(changes.pop("value", "1"), **{"TIME_PERIOD": "2017", **changes}))
    (refused,) = outcome.quarantined
    assert refused.row_number == 2
    assert rule in refused.rules
    assert len(shown(warehouse, "period")) == 1


def test_the_same_figure_twice(load: Load) -> None:
    other = record("3", TIME_PERIOD="2015")
    assert [r.row_number for r in load(record("1"), record("2"), other).quarantined] == [1, 2]


# --- forms of the file --------------------------------------------------------------------------------------


def test_labels_and_the_second_version_of_the_format(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    labelled = ",".join(f"{code},{code.title().replace('_', ' ')} in words" for code in CODES.split(","))
    cells = record().split(",")[1:]
    line = ",".join(f'{cell},"a label, with a comma"' for cell in cells)
    load(f"DATAFLOW,{FLOW},,I,{line}", header=f"STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,{labelled}")
    assert shown(warehouse, "reporter, value_usd") == [("JPN", Decimal("108230500000.00"))]


# --- the service --------------------------------------------------------------------------------------------


def data_requests(selection: Selection) -> list[Request]:
    """The requests for data that the questions for constraints lead to."""
    answers = [SOURCE.judge_status(first, 404, "not found") for first in SOURCE.requests(selection)]
    return [r for valid in answers if valid is not None for r in valid.following]


def test_the_default_question() -> None:
    selection = Selection(2013, 2024)
    constraints = list(SOURCE.requests(selection))
    assert [r.path for r in constraints] == [
        f"/contentconstraint/OECD.DAF.INV/CR_A_DSD_FDI@DF_FDI_{flow}_CTRY/" for flow in ("FLOW", "POS", "INC")
    ]
    requests = data_requests(selection)
    assert len(requests) == 9
    assert requests == data_requests(selection)
    first = requests[0]
    assert first.path.startswith(
        "/data/OECD.DAF.INV,DSD_FDI@DF_FDI_FLOW_CTRY,1.0/JPN+KOR+USA+AUT+BEL+CZE+DEU+DNK+ESP+EST.T_FA_F.USD_EXC.DI+DO."
        "NET_FDI.ALL.D.S1.W+CHN+JPN+KOR+USA+AUT+BEL+BGR+"
    )
    assert first.path.endswith(".IMC._T.A.CTRY_IND")
    assert len(first.path.rsplit("/", 1)[-1].split(".")) == 13
    assert dict(first.parameters) == {
        "startPeriod": "2013", "endPeriod": "2024", "dimensionAtObservation": "AllDimensions", "format": "csvfile",
    }  # fmt: skip
    assert len({r.filename for r in requests}) == 9
    assert "CHN" not in {p for r in requests for p in r.path.rsplit("/", 1)[-1].split(".")[0].split("+")}


def test_what_is_asked_for_is_asked() -> None:
    requests = data_requests(Selection(2016, 2016, reporters=("KOR", "CHN"), partners=("CHN", "WLD")))
    assert [r.path.rsplit("/", 1)[-1] for r in requests] == [
        f"KOR.{measure}.USD_EXC.DI+DO.NET_FDI.ALL.D.S1.CHN+W.IMC._T.A.CTRY_IND" for measure in ("T_FA_F", "LE_FA_F", "T_D4P_F")
    ]  # fmt: skip
    with pytest.raises(Unknown, match="CHN is not a member"):
        list(SOURCE.requests(Selection(2016, 2016, reporters=("CHN",))))
    with pytest.raises(Unknown, match="CN-LN"):
        list(SOURCE.requests(Selection(2016, 2016, partners=("CN-LN",))))


def test_members_have_codes() -> None:
    assert reference_files.codes_of("oecd", oecd.MEMBERS) == oecd.MEMBERS
    assert len(oecd.MEMBERS) == 38
    assert len(reference_files.members("EU27_2020")) == 27


def test_no_more_is_asked_for_in_an_hour_than_is_advised() -> None:
    assert SOURCE.service is not None
    assert SOURCE.service.hourly == 50


def test_the_constraint_dates_the_data(tmp_path: Path) -> None:
    first = next(iter(SOURCE.requests(Selection(2016, 2016))))
    body = b'<?xml version="1.0"?><s:ContentConstraint id="CR_A" validFrom="2026-06-04T10:15:00Z" isFinal="true"/>'
    judged = SOURCE.judge(first, answer(tmp_path, body, "c.xml"))
    assert judged.stamp == "2026-06-04T10:15:00Z"
    assert not judged.is_kept
    assert {r.stamp for r in judged.following} == {"2026-06-04T10:15:00Z"}


def test_statuses_that_are_ordinary_answers() -> None:
    request = data_requests(Selection(2016, 2016))[0]
    nothing = SOURCE.judge_status(request, 404, "NoRecordsFound")
    assert nothing is not None
    assert (nothing.rows, nothing.is_kept) == (0, False)
    assert SOURCE.judge_status(request, 404, "no such dataflow") is None
    with pytest.raises(ServiceRefused, match="no VPN"):
        SOURCE.judge_status(request, 403, "<html>VPN traffic refused</html>")
    assert SOURCE.judge_status(request, 500, "") is None


RECORDS = f"{HEADER}\n{record()}\n{record(TIME_PERIOD='2017')}\n"
DATA_REQUEST = next(r for r in data_requests(Selection(2016, 2017)) if "DF_FDI_POS_CTRY" in r.path)
#: As the one such file that was found: semicolons, empty label columns, points in the numbers, Latin-1.
SPREADSHEET = "".join(
    ";".join(f"{cell};" for cell in line.split(",")) + "\n" for line in (HEADER, record("19.400.704.272.141"))
).encode("latin-1")


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("oecd.csv", RECORDS, rows=2)
    golden = {
        "SELECT reporter, counterpart, period, value_usd FROM mart.fdi_figures ORDER BY period": [
            ("JPN", "CHN", "2016", Decimal("108230500000.00")), ("JPN", "CHN", "2017", Decimal("108230500000.00")),
        ],
    }  # fmt: skip
    bad_row = BadRow(f"{RECORDS}{record(TIME_PERIOD='2018', REF_AREA='XXX')}\n", rule="ref_area: stands in")
    refused_forms = {
        TABLES_UNTIL_2024.form: '"COU","Reporting country","TIME","Year","Unit Code","Unit","PowerCode Code","PowerCode","Reference Period Code",'
        '"Reference Period","Value","Flag Codes","Flags"\n"JPN","Japan","2016","2016","USD","US Dollar","6","Millions",,,1,,\n'
    }
    changed_layouts = {
        "a column less": (RECORDS.replace("OBS_VALUE", "VALUE"), "lacks OBS_VALUE"),
        "a new column": (RECORDS.replace(HEADER, f"{HEADER},NEW_DIMENSION"), "has the unknown NEW_DIMENSION"),
        "a column named twice in place of another": (RECORDS.replace(",SECTOR", ",REF_AREA"), "lacks SECTOR"),
        "a column twice": (RECORDS.replace(HEADER, f"{HEADER},REF_AREA"), "repeats REF_AREA"),
        "saved in a spreadsheet": (SPREADSHEET, "opened and saved in a spreadsheet"),
    }
    refused_answers = {
        what: Refused(DATA_REQUEST, body, fault, "DF_FDI_POS_CTRY")
        for what, (body, fault) in {
            "empty": ("", EmptyAnswer),
            "no records": ("NoRecordsFound", EmptyAnswer),
            "header alone": (HEADER + "\n", EmptyAnswer),
            "maintenance": ("<!doctype html><html><body>Maintenance</body></html>", NotData),
            "HTML about a VPN": ("<html><body>Access denied: VPN traffic is not allowed</body></html>", ServiceRefused),
            "words about a VPN": ("Requests through anonymised networks have been blocked", ServiceRefused),
            "XML": ("<?xml version='1.0'?><mes:Error code='150'/>", ErrorInBody),
            "JSON": ('{"errors": [{"code": 400}]}', ErrorInBody),
            "words": ("Not enough key values in query, expecting 13 got 12", ErrorInBody),
            "archive": ("PK\x03\x04", NotData),
            "a new column": (f"{HEADER},NEW\n{record()},1\n", LayoutChanged),
            "a short record": (f"{HEADER}\n{record().rsplit(',', 2)[0]}\n", LayoutChanged),
            "another structure": (RECORDS.replace("DSD_FDI@", "DSD_ITIC@"), NotData),
            "a figure twice": (f"{RECORDS}{record('2')}\n", RepeatedKeys),
        }.items()
    }
    valid_answers = {"two years": Valid(DATA_REQUEST, RECORDS, rows=2)}
