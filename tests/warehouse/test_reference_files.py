"""Publishers' codes of places, as requests need them."""

import pytest

from warehouse import reference_files
from warehouse.errors import Unknown


def test_a_code_that_no_longer_holds_is_not_asked_for() -> None:
    assert reference_files.code_of("imf", "EU27_2020") == "G998"
    assert not reference_files.has_code("imf", "IMF_EU")
    with pytest.raises(Unknown, match="'IMF_EU' has no code in the scheme imf"):
        reference_files.code_of("imf", "IMF_EU")


def test_codes_differ_by_scheme() -> None:
    assert [reference_files.code_of(scheme, "USA") for scheme in ("imf", "m49", "iso3166_1_alpha2")] == [
        "USA",
        "840",
        "US",
    ]


def test_members_are_all_that_ever_were() -> None:
    members = reference_files.members_ever("EU_AT_THE_TIME")
    assert len(members) == 28
    assert {"GBR", "HRV", "GRC"} < set(members)
    assert list(members) == sorted(members)
    with pytest.raises(Unknown, match="NOWHERE"):
        reference_files.members_ever("NOWHERE")


def test_a_code_that_comtrade_shares_with_the_united_nations_means_the_same_place() -> None:
    """But for 492, which is Monaco there and Europe EU, nes here."""
    meanings: dict[str, dict[str, set[str]]] = {"comtrade": {}, "m49": {}}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] in meanings:
            meanings[row["scheme"]].setdefault(row["code"].lstrip("0") or "0", set()).add(row["place"])
    comtrade, m49 = meanings["comtrade"], meanings["m49"]
    differing = {code: places for code, places in comtrade.items() if code in m49 and not places & m49[code]}
    assert differing == {"492": {"_X492"}}
