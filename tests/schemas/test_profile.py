"""The measures of profiles: one entry of the list is a column of both marts, with its meaning and its figures."""

import json
import subprocess
import sys
from itertools import combinations
from typing import get_args

import pytest

from schemas import base, mart, profile
from schemas.mart.profiles import MartProvinceProfile, MartRegionProfile
from schemas.profile import MEASURES, Measure

#: Adds a measure to the list before any schema is made from it, then fills a warehouse with one figure of it.
_WITH_ONE_MORE = """
import json
import duckdb
from schemas import profile

profile.MEASURES += (profile.Measure("beds", "Beds in hospitals", "beds", "indicator", {"indicator": "hospital_beds"}),)
from schemas import base, mart
from warehouse import ddl, marts

con = duckdb.connect()
con.execute("SET enable_progress_bar = false")  # which a slow machine writes to standard output
ddl.create_tables(con)
con.execute('''
INSERT INTO ref.place (place, place_key, kind, name, is_aggregate)
VALUES ('CN-LN', 1, 'province', 'Liaoning', false), ('NORTH', 2, 'group', 'North', true);
INSERT INTO ref.place_group (place_group, member, membership_source) VALUES ('NORTH', 'CN-LN', 'a law');
INSERT INTO ref.indicator (indicator, name, description, unit_kind) VALUES ('hospital_beds', 'Beds', 'Beds', 'other');
INSERT INTO meta.editions (edition, source, dataset, table_name, partition, published_precision, known_from, artifact,
    filename, is_complete, rows_stated, content_hash)
VALUES (1, 's', 'd', 'core.indicator', 'p', 'unknown', now(), 'a', 'f', true, 1, 'h');
INSERT INTO core.indicator (freq, period, obs_status, printed_unit, place, indicator, value, unit, edition)
VALUES ('A', '2019', 'A', 'beds', 'CN-LN', 'hospital_beds', 300, 'beds', 1);
''')
marts.store(con)
ddl.describe(con)
print(json.dumps({
    "province": con.execute("SELECT beds::INTEGER, provenance->'beds'->>'dataset' FROM mart.province_profile").fetchall(),
    "region": con.execute("SELECT beds::INTEGER, beds_partial::INTEGER, beds_members FROM mart.region_profile").fetchall(),
    "described": con.execute("SELECT table_name, column_name, unit, description FROM meta.columns WHERE column_name LIKE 'beds%' ORDER BY ALL").fetchall(),
    "declared": {view: [c.name for c in base.columns(getattr(mart, view)) if "beds" in c.name]
                 for view in ("MartProvinceProfile", "MartRegionProfile")},
}))
"""


OF_PROVINCE = {
    "beds": ("beds", "Beds in hospitals"),
    "beds_is_seam": (None, "Whether beds of the year before is of another release or dataset"),
}
OF_REGION = {
    "beds_members": ("places", "How many members have a figure for beds"),
    "beds_partial": ("beds", "Sum of beds over the members that have a figure"),
}


def test_one_more_measure_in_the_list_is_in_both_marts_with_figures_and_meanings() -> None:
    answer = subprocess.run([sys.executable, "-c", _WITH_ONE_MORE], capture_output=True, text=True, check=True).stdout
    assert json.loads(answer) == {
        "province": [[300, "d"]],
        "region": [[300, 300, 1]],
        "described": [
            [mart_, column, unit, text]
            for mart_, further in (
                ("mart.province_profile", {}),
                ("mart.province_profile_one_release", {}),
                ("mart.region_profile", OF_REGION),
            )
            for column, (unit, text) in sorted((OF_PROVINCE | further).items())
        ],
        "declared": {
            "MartProvinceProfile": ["beds", "beds_is_seam"],
            "MartRegionProfile": ["beds", "beds_is_seam", "beds_partial", "beds_members"],
        },
    }


def test_the_columns_of_profiles_are_the_measures_in_their_order() -> None:
    names = [m.name for m in MEASURES]
    assert [c.name for c in base.columns(MartProvinceProfile) if c.name in names] == names
    assert [c.name for c in base.columns(MartRegionProfile) if c.name in names] == names


@pytest.mark.parametrize(("one", "other"), combinations(MEASURES, 2), ids=lambda m: m.name)
def test_a_figure_belongs_to_one_measure(one: Measure, other: Measure) -> None:
    """The SQL gives a value to the first measure that fits."""
    both = one.where.keys() & other.where.keys()
    other_value = one.mart != other.mart or (one.mart != "indicator" and one.value != other.value)
    assert other_value or any(one.where[column] != other.where[column] for column in both)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_measure_reads_columns_of_a_mart(measure: Measure) -> None:
    marts = {base.table_name(view): {c.name for c in base.columns(view)} for view in mart.VIEWS}
    assert measure.mart in get_args(profile.Mart)
    assert measure.where.keys() <= marts[f"mart.{measure.mart}"]
    assert measure.value in marts[f"mart.{measure.mart}"]
    assert measure.mart == "indicator" or measure.provenance in marts[f"mart.{measure.mart}"]
