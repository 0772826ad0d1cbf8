"""A small release with facts found by every method: published, cumulated, differences, sums, rests of totals, converted, contested."""

import shutil
from pathlib import Path

from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import make_folders
from warehouse.settings import Home, Settings

#: The chapters of the Harmonized System that are in use.
CHAPTERS = [f"{number:02}" for number in range(1, 98) if number != 77]


def make(root: Path, settings: Settings, template: Path) -> Home:
    """A home folder with one release. ``template`` is a warehouse with its reference tables."""
    home = Home(root / "home")
    make_folders(home)
    shutil.copyfile(template, home.warehouse)
    folder = CuratedFolder(root / "curated")
    _write_trade(folder)
    _write_fdi(folder)
    _write_places(folder)
    _write_of_measures(folder)
    outcomes = small_warehouse.load(home, settings, folder)
    assert [str(o.fault) for o in outcomes if o.fault] == []
    assert small_warehouse.release(home, settings).release
    return home


def _write_trade(folder: CuratedFolder) -> None:
    def row(**changes: str) -> dict[str, str]:
        return folder.row("trade", **changes)

    rows = [
        # A published total, and partners that do not reach it.
        row(partner="WLD", printed_value="100"),
        row(partner="JPN", printed_value="30"),
        row(partner="USA", printed_value="45"),
        # The same cell of another publication, which steps back.
        row(partner="JPN", printed_value="31", dataset="press.page", publisher="A newspaper", published_on="2016-05-31"),
        # Japan's exports in yen, converted.
        row(reporter="JPN", partner="CHN", printed_value="1000", printed_unit="JPY million"),
        # Cumulated figures of one dataset: months as differences, the year as December's.
        *(
            row(reporter="KOR", freq="YTD", period=f"2016-{month:02}", printed_value=str(10 * month + month * month), dataset="korea.cumulated")
            for month in (1, 2, 3, 12)
        ),
        # Twelve months that are the year.
        *(
            row(reporter="USA", freq="M", period=f"2016-{month:02}", printed_value=str(month), dataset="usa.months", flow="import", valuation="CIF")
            for month in range(1, 13)
        ),
        # All chapters, for one partner and for the world.
        *(
            row(reporter="DEU", partner=partner, classification="HS2012", product=chapter, printed_value=value, dataset="germany.chapters")
            for chapter in CHAPTERS
            for partner, value in (("CHN", "2"), ("WLD", "5"))
        ),
        # A subheading that does not reach all goods.
        row(reporter="FRA", classification="HS2012", product="010121", printed_value="3", dataset="france.products"),
        row(reporter="FRA", printed_value="8", dataset="france.products"),
        # Provinces, and the total of all of them, of which one origin is unknown.
        *(
            row(reporter=place, partner="WLD", basis="operator_location", printed_value=value, dataset="china.provinces")
            for place, value in (("CN-LN", "52"), ("CN-JL", "17"), ("CN_31_PROVINCES", "80"))
        ),
    ]  # fmt: skip
    folder.write("trade/facts.csv", rows)


def _write_fdi(folder: CuratedFolder) -> None:
    def row(**changes: str) -> dict[str, str]:
        return folder.row("fdi", **changes)

    rows = [
        *(row(counterpart=place, printed_value=value) for place, value in (("WLD", "90"), ("JPN", "7"), ("HKG", "60"))),
        *(row(reporter=place, counterpart="WLD", concept="province_utilised", printed_value=value, dataset="china.provinces")
          for place, value in (("CN-LN", "26"), ("CN-JL", "6"), ("CN_31_PROVINCES", "30"))),
        *(row(reporter="JPN", counterpart="CHN", concept="bop", direction="assets", principle="asset_liability", freq="Q",
              period=f"2016-Q{quarter}", printed_value=str(quarter), dataset="japan.quarters") for quarter in range(1, 5)),
        row(reporter="JPN", counterpart="CHN", concept="direct_investment_position", accounting="position", direction="outward",
            printed_value="500", dataset="japan.positions"),
    ]  # fmt: skip
    folder.write("fdi/facts.csv", rows)


def _write_places(folder: CuratedFolder) -> None:
    indicators = [
        folder.row("indicator"),
        folder.row("indicator", dataset="bureau.later", printed_value="12.6", published_on="2016-12-31"),
        folder.row("indicator", place="JPN", indicator="exchange_rate_avg", printed_value="108.8", printed_unit="JPY per USD", dataset="federal_reserve.h10"),
        folder.row("indicator", place="CHN", indicator="exchange_rate_avg", printed_value="6.64", printed_unit="CNY per USD", dataset="federal_reserve.h10"),
    ]  # fmt: skip
    folder.write("indicator/facts.csv", indicators)
    presence = [
        folder.row("presence", place="CHN", printed_value="30"),
        folder.row("presence", place="CN-LN", printed_value="12"),
        folder.row("presence", place="CN-21-02", printed_value="9"),
    ]
    folder.write("presence/facts.csv", presence)
    milestones = [folder.row("milestones"), folder.row("milestones", place="CN-HL")]
    folder.write("milestones/facts.csv", milestones)
    folder.write("visits/facts.csv", [folder.row("visits")])


def _write_of_measures(folder: CuratedFolder) -> None:
    """What measures over many places and years need: twenty provinces, three years of the world, a city."""
    provinces = [
        "BJ",
        "TJ",
        "HE",
        "SX",
        "NM",
        "HI",
        "JL",
        "HL",
        "SH",
        "JS",
        "ZJ",
        "AH",
        "FJ",
        "JX",
        "SD",
        "HA",
        "HB",
        "HN",
        "GD",
        "GX",
    ]
    folder.write("indicator/measures.csv", [
        *(folder.row("indicator", place=f"CN-{code}", indicator=indicator, period="2018", printed_value=str(number), printed_unit=unit, dataset="bureau.provinces")
          for number, code in enumerate(provinces, 10) for indicator, unit in (("railway_length", "km"), ("population", "10,000 persons"), ("gdp", "CNY 100 million"))),
        *(folder.row("indicator", place=place, period=str(year), printed_value=value, printed_unit="USD billion", dataset="bank.gdp")
          for place, value in (("CHN", "12000"), ("WLD", "80000")) for year in (2018, 2019, 2020)),
    ])  # fmt: skip
    folder.write("fdi/measures.csv", [
        *(folder.row("fdi", reporter=place, counterpart="WLD", concept="unctad", period=str(year), printed_value=value, dataset="unctad.inflows")
          for place, value in (("CHN", "150"), ("WLD", "1500")) for year in (2018, 2019, 2020)),
        folder.row("fdi", reporter="CN-210200", concept="province_utilised", dataset="china.cities"),
    ])  # fmt: skip
    folder.write("trade/measures.csv", [
        folder.row("trade", reporter="CN-210200", basis="operator_location", dataset="china.cities"),
    ])  # fmt: skip
