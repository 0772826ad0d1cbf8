"""One message in every form is one set of records; other files are none, and dangerous or broken messages are refused."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tasks.archive.sniff import HEAD, Sniffed
from tasks.formats import sdmx
from warehouse.errors import LayoutChanged

#: What all authored messages below state. 1.10 is not 1.1, and 12345678901234567.5 is more than a float holds.
STATED: list[dict[str, str | None]] = [
    {"FREQ": "A", "AREA": "JPN", "TITLE": "Yen", "TIME_PERIOD": "2015", "OBS_VALUE": "1.10", "OBS_STATUS": "A"},
    {"FREQ": "A", "AREA": "JPN", "TITLE": "Yen", "TIME_PERIOD": "2016", "OBS_VALUE": None, "OBS_STATUS": "M"},
    {"FREQ": "A", "AREA": "NAM", "TITLE": "Dollar", "TIME_PERIOD": "2016", "OBS_VALUE": "12345678901234567.5", "OBS_STATUS": "A"},
]  # fmt: skip

CSV_1 = """\
DATAFLOW,FREQ,AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE
AG:FL(1.0),A,JPN,2015,1.10,A,Yen
AG:FL(1.0),A,JPN,2016,,M,Yen
AG:FL(1.0),A,NAM,2016,12345678901234567.5,A,Dollar
"""
CSV_2 = CSV_1.replace("DATAFLOW", "STRUCTURE[;],STRUCTURE_ID,ACTION").replace("AG:FL(1.0)", "dataflow,AG:FL(1.0),I")
PORTAL = """\
"FREQ.ID","FREQ","AREA.ID","AREA","TIME_PERIOD","OBS_VALUE","OBS_STATUS.ID","OBS_STATUS","TITLE"
"A","Annual","JPN","Japan","2015","1.10","A","Normal, all","Yen"
"A","Annual","JPN","Japan","2016","","M","Missing","Yen"
"A","Annual","NAM","Namibia","2016","12345678901234567.5","A","Normal","Dollar"
"""
_HEADER = """\
<m:Header><m:ID>X</m:ID><m:Prepared>2024-05-06T07:08:09Z</m:Prepared><m:Structure structureID="S" dimensionAtObservation="TIME_PERIOD">
<c:Structure><Ref agencyID="AG" id="FL" version="1.0"/></c:Structure></m:Structure></m:Header>"""
_NAMES = 'xmlns:m="urn:m" xmlns:c="urn:c" xmlns:g="urn:g" xmlns:s="urn:s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SPECIFIC = f"""<?xml version="1.0"?><m:StructureSpecificData {_NAMES}>{_HEADER}
<m:DataSet s:structureRef="S" xsi:type="x" UPDATE_DATE="2024-05-01T00:00:00Z">
<Series FREQ="A" AREA="JPN" TITLE="Yen"><Obs TIME_PERIOD="2015" OBS_VALUE="1.10" OBS_STATUS="A"/>
<Obs TIME_PERIOD="2016" OBS_STATUS="M"/></Series>
<Series FREQ="A" AREA="NAM" TITLE="Dollar"><Obs TIME_PERIOD="2016" OBS_VALUE="12345678901234567.5" OBS_STATUS="A"/></Series>
</m:DataSet></m:StructureSpecificData>"""
#: As SDMX-ML 3.0 writes groups, and here after the series they speak of.
GROUPED = (
    SPECIFIC.replace(' TITLE="Yen"', "").replace(' TITLE="Dollar"', "").replace(
        "</m:DataSet>",
        '<Group AREA="JPN" s:type="G"><Comp id="TITLE"><Value>Yen</Value></Comp></Group>'
        '<Group xsi:type="G" AREA="NAM" TITLE="Dollar"/></m:DataSet>',
    )
)  # fmt: skip


def _generic_series(area: str, title: str, *observations: tuple[str, str | None, str]) -> str:
    written = "".join(
        f'<g:Obs><g:ObsDimension value="{period}"/>'
        + (f'<g:ObsValue value="{value}"/>' if value else "")
        + f'<g:Attributes><g:Value id="OBS_STATUS" value="{status}"/></g:Attributes></g:Obs>'
        for period, value, status in observations
    )
    return (
        f'<g:Series><g:SeriesKey><g:Value id="FREQ" value="A"/><g:Value id="AREA" value="{area}"/></g:SeriesKey>'
        f'<g:Attributes><g:Value id="TITLE" value="{title}"/></g:Attributes>{written}</g:Series>'
    )


GENERIC = (
    f"<m:GenericData {_NAMES}>{_HEADER}<m:DataSet>"
    + _generic_series("JPN", "Yen", ("2015", "1.10", "A"), ("2016", None, "M"))
    + _generic_series("NAM", "Dollar", ("2016", "12345678901234567.5", "A"))
    + "</m:DataSet></m:GenericData>"
)


def _listed(name: str, *codes: str) -> dict[str, Any]:
    return {"id": name, "values": [{"id": code, "name": f"name of {code}"} for code in codes]}


_PERIODS = {"id": "TIME_PERIOD", "values": [{"value": "2015"}, {"value": "2016"}]}
_SETS = """{"action": "Replace", "series": {
 "0": {"attributes": [0], "observations": {"0": [1.10, 0], "1": [null, 1]}},
 "1": {"attributes": ["Dollar"], "observations": {"1": [12345678901234567.5, 0]}}}}"""
_STRUCTURE = {
    "links": [{"urn": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=AG:FL(1.0)", "rel": "dataflow"}],
    "dimensions": {"dataSet": [_listed("FREQ", "A")], "series": [_listed("AREA", "JPN", "NAM")], "observation": [_PERIODS]},
    "attributes": {"series": [_listed("TITLE", "Yen")], "observation": [_listed("OBS_STATUS", "A", "M")]},
}  # fmt: skip
JSON_1 = f'{{"header": {{"prepared": "2024-05-06T07:08:09Z"}}, "dataSets": [{_SETS}], "structure": {json.dumps(_STRUCTURE)}}}'
_SETS_2 = _SETS.replace('{"action"', '{"structure": 0, "action"')
JSON_2 = (
    f'{{"meta": {{"prepared": "2024-05-06T07:08:09Z"}}, "data": {{"dataSets": [{_SETS_2}], '
    f'"structures": [{json.dumps(_STRUCTURE)}]}}}}'
)
COMPACT = json.dumps({"CompactData": {
    "Header": {"Prepared": "2024-05-06T07:08:09", "Sender": {"Name": {"#text": "AG"}}, "DataSetID": "FL"},
    "DataSet": {"Series": [
        {"@FREQ": "A", "@AREA": "JPN", "@TITLE": "Yen", "Obs": [
            {"@TIME_PERIOD": "2015", "@OBS_VALUE": "1.10", "@OBS_STATUS": "A"}, {"@TIME_PERIOD": "2016", "@OBS_STATUS": "M"}]},
        {"@FREQ": "A", "@AREA": "NAM", "@TITLE": "Dollar",
         "Obs": {"@TIME_PERIOD": "2016", "@OBS_VALUE": "12345678901234567.5", "@OBS_STATUS": "A"}},
    ]},
}})  # fmt: skip

FORMS = {
    "CSV 1.0": ("csv", CSV_1),
    "CSV 1.0 with a byte order mark": ("csv", "\ufeff" + CSV_1),
    "CSV with semicolons": ("csv", CSV_1.replace(",", ";")),
    "CSV 2.0": ("csv", CSV_2),
    "portal": ("portal", "\ufeff" + PORTAL),
    "ML specific": ("ml", SPECIFIC),
    "ML with groups": ("ml", GROUPED),
    "ML generic": ("ml", GENERIC),
    "JSON 1.0": ("json", JSON_1),
    "JSON 2.0": ("json", JSON_2),
    "compact JSON": ("compact", COMPACT),
}


def sniff(path: Path) -> Sniffed:
    data = path.read_bytes()
    return Sniffed(path.name, data[:HEAD], len(data), lambda: path)


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(text: str, name: str = "message") -> Path:
        path = tmp_path / name
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("form", FORMS)
def test_every_form_states_the_same_records(form: str, written: Callable[..., Any]) -> None:
    kind, text = FORMS[form]
    path = written(text)
    message = sdmx.describe(sniff(path))
    assert message is not None
    assert message.form == kind
    if kind not in ("portal", "compact"):
        assert message.flow == "AG:FL(1.0)"
    records = list(sdmx.records(path, message.form))
    names = STATED[0]
    assert [{name: record.get(name) for name in names} for record in records] == STATED


def described(path: Path) -> sdmx.Message:
    message = sdmx.describe(sniff(path))
    assert message is not None
    return message


def test_a_header_tells_when_the_message_was_written_and_the_data_set_when_it_was_changed(
    written: Callable[..., Any],
) -> None:
    message = described(written(SPECIFIC))
    assert (message.prepared, message.attributes) == ("2024-05-06T07:08:09Z", {"UPDATE_DATE": "2024-05-01T00:00:00Z"})
    assert described(written(JSON_2)).prepared == "2024-05-06T07:08:09Z"


def test_a_portal_table_gives_codes_and_labels_apart(written: Callable[..., Any]) -> None:
    first = next(sdmx.records(written(PORTAL), "portal"))
    assert (first["AREA"], first["AREA.LABEL"], first["OBS_STATUS.LABEL"]) == ("JPN", "Japan", "Normal, all")


SERIES = """\
"DATASET","SERIES_CODE","OBS_MEASURE","AREA","SCALE.ID","SCALE","2015","2016","2016-Q1","2016-M12"
"AG:FL(1.0)","JPN.A","OBS_VALUE","Japan, all","6","Millions","1.10","","7","8"
"AG:FL(1.0)","NAM.A","OBS_VALUE","Namibia","6","Millions","","","",""
"""


def test_a_portal_table_of_series_gives_an_observation_a_cell(written: Callable[..., Any]) -> None:
    path = written(SERIES)
    assert (described(path).form, described(path).flow) == ("series", "AG:FL(1.0)")
    records = list(sdmx.records(path, "series"))
    assert [(r["SERIES_CODE"], r["TIME_PERIOD"], r["OBS_VALUE"]) for r in records] == [
        ("JPN.A", "2015", "1.10"), ("JPN.A", "2016-Q1", "7"), ("JPN.A", "2016-M12", "8"),
    ]  # fmt: skip
    assert (records[0]["AREA.LABEL"], records[0]["SCALE"], records[0]["SCALE.LABEL"]) == ("Japan, all", "6", "Millions")
    with pytest.raises(LayoutChanged, match=r"JPN\.A is of SHARE"):
        list(sdmx.records(written(SERIES.replace("OBS_VALUE", "SHARE")), "series"))


def test_one_series_of_the_former_service_is_no_list(written: Callable[..., Any]) -> None:
    body = json.loads(COMPACT)["CompactData"]
    body["DataSet"]["Series"] = body["DataSet"]["Series"][1]
    assert [r["OBS_VALUE"] for r in sdmx.records(written(json.dumps({"CompactData": body})), "compact")] == [STATED[2]["OBS_VALUE"]]  # fmt: skip
    del body["DataSet"]["Series"]
    assert list(sdmx.records(written(json.dumps({"CompactData": body})), "compact")) == []


def test_attributes_of_partial_keys(written: Callable[..., Any]) -> None:
    """SDMX-JSON 2.0: an empty position means every code."""
    structure = {
        **_STRUCTURE,
        "dimensions": {
            "series": [_listed("FREQ", "A"), _listed("AREA", "JPN", "NAM")], "observation": [_PERIODS],
        },
        "attributes": {"dimensionGroup": [_listed("UNIT", "USD", "JPY")]},
    }  # fmt: skip
    data = {
        "dimensionGroupAttributes": {":0": [1], "0:1": [0]},
        "series": {"0:0": {"observations": {"0": ["1"]}}, "0:1": {"observations": {"0": ["2"]}}},
    }
    path = written(json.dumps({"data": {"dataSets": [data], "structures": [structure]}}))
    assert [(r["AREA"], r["UNIT"]) for r in sdmx.records(path, "json")] == [("JPN", "JPY"), ("NAM", "USD")]


def test_a_footer_without_data_is_described(written: Callable[..., Any]) -> None:
    text = f"""<m:GenericData {_NAMES}><m:Header/><Footer><Message code="413"><Text>Written to a file</Text></Message></Footer>
    </m:GenericData>"""
    message = described(written(text))
    assert message.footer == "413 Written to a file"
    assert list(sdmx.records(written(text), "ml")) == []


NO_MESSAGES = {
    "a table of another kind": "reporter,partner,OBS\nJPN,CHN,1\n",
    "a table with a value column": "AREA,OBS_VALUE\nJPN,1\n",
    "structures": f"<m:Structure {_NAMES}><m:Header/></m:Structure>",
    "an error": f'<m:Error {_NAMES}><m:ErrorMessage code="100"/></m:Error>',
    "JSON of another kind": '{"data": {"dataConstraints": []}}',
    "a list": "[1, 2]",
    "HTML": "<!DOCTYPE html><html><body>DATAFLOW,OBS_VALUE</body></html>",
    "nothing": "",
}


@pytest.mark.parametrize("kind", NO_MESSAGES)
def test_what_is_no_data_message_is_not_described(kind: str, written: Callable[..., Any]) -> None:
    assert sdmx.describe(sniff(written(NO_MESSAGES[kind]))) is None


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def test_a_document_that_may_declare_entities_is_refused_before_it_is_read(written: Callable[..., Any]) -> None:
    path = written(BOMB + SPECIFIC.removeprefix('<?xml version="1.0"?>').replace("Yen", "&b;"))
    with pytest.raises(LayoutChanged, match="document type"):
        sdmx.describe(sniff(path))
    with pytest.raises(LayoutChanged, match="document type"):
        list(sdmx.records(path, "ml"))


@pytest.mark.parametrize("form", ["CSV 1.0", "ML specific", "ML generic", "JSON 1.0", "compact JSON"])
def test_a_cut_message_is_refused(form: str, written: Callable[..., Any]) -> None:
    kind, text = FORMS[form]
    with pytest.raises(LayoutChanged, match="cut"):
        list(sdmx.records(written(text[: int(len(text) * 0.93) - 3 * (kind == "csv")]), kind))


def test_a_large_message_is_read_as_a_stream(written: Callable[..., Any]) -> None:
    """The first record is there before the end, which is broken, is reached."""
    text = SPECIFIC.replace("</m:DataSet>", "<Series><Obs/></Series>" * 100_000 + "<broken")
    records = sdmx.records(written(text), "ml")
    assert next(records)["OBS_VALUE"] == "1.10"
    with pytest.raises(LayoutChanged):
        list(records)


def test_a_large_message_takes_no_more_memory_than_a_small_one(written: Callable[..., Any]) -> None:
    series = '<Series FREQ="A" AREA="JPN"><Obs TIME_PERIOD="2015" OBS_VALUE="1"/></Series>'
    path = written(SPECIFIC.replace("</m:DataSet>", series * 20_000 + "</m:DataSet>"))
    tracemalloc.start()
    try:
        assert sum(1 for _ in sdmx.records(path, "ml")) == 20_003
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2_000_000  # kept, the elements alone are more than ten times as much


BROKEN = {
    "a column twice": ("csv", CSV_1.replace("OBS_STATUS", "AREA"), "repeats a column"),
    "a cell too many": ("csv", CSV_1.replace("2016,,M", "2016,,,M"), "has 8 cells.*record 2"),
    "a quote without end": ("csv", CSV_1.replace("Dollar", '"Dollar'), "cannot be read as CSV"),
    "a position that points nowhere": ("json", JSON_1.replace('"1": [null', '"7": [null'), "its own structure"),
    "deletions in JSON": ("json", JSON_1.replace("Replace", "Delete"), "deletes"),
    "deletions in ML": ("ml", SPECIFIC.replace("<m:DataSet", '<m:DataSet action="Delete"'), "deletes"),
    "structures": ("ml", NO_MESSAGES["structures"], "no SDMX data message"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_message_that_cannot_be_meant_is_refused(fault: str, written: Callable[..., Any]) -> None:
    form, text, message = BROKEN[fault]
    with pytest.raises(LayoutChanged, match=message):
        list(sdmx.records(written(text), form))


def test_a_column_is_used_or_ignored_by_name_or_stops_the_load(written: Callable[..., Any]) -> None:
    def select(required: list[str], ignored: set[str]) -> list[sdmx.Record]:
        records = sdmx.records(written(CSV_1), "csv")
        return list(sdmx.select(records, required, ["UNIT"], ignored, "file"))

    named = ["FREQ", "AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    assert select(named, {"DATAFLOW", "TITLE"})[0] == {
        "FREQ": "A", "AREA": "JPN", "TIME_PERIOD": "2015", "OBS_VALUE": "1.10", "OBS_STATUS": "A", "UNIT": None,
    }  # fmt: skip
    with pytest.raises(LayoutChanged, match="has the unknown TITLE"):
        select(named, {"DATAFLOW"})
    with pytest.raises(LayoutChanged, match="lacks COUNTERPART"):
        select([*named, "COUNTERPART"], {"DATAFLOW", "TITLE"})
