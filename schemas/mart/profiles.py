"""Profiles of provinces and regions: one row a place and year, one column a measure of :mod:`schemas.profile`."""

from schemas import profile, types
from schemas.base import Declared, Table, field, with_columns
from schemas.columns import declare
from schemas.mart.parts import PLACE_AND_YEAR

declare(**profile.meanings())


def _measure(measure: profile.Measure) -> dict[str, Declared]:
    """The column of a measure, and of one whose series may be of several releases whether the year is a seam."""
    seam: dict[str, Declared] = {f"{measure.name}_is_seam": (types.Boolean, field())} if measure.has_seam else {}
    return {measure.name: (types.Money, field(nullable=True)), **seam}


@with_columns({**PLACE_AND_YEAR, **{name: column for m in profile.MEASURES for name, column in _measure(m).items()}})
class MartProvinceProfile(Table):
    """One row a Chinese province and year, from the facts; ``provenance`` gives the source and date of each number.

    Amounts on different bases are in columns of their own and are never added. ``…_is_seam`` marks a year whose figure is of another
    release than that of the year before. ``japanese_companies`` are some of the ``foreign_companies``, as another publisher
    counts them.
    """

    free_trade_zone_since: types.Integer = field(nullable=True)
    sister_ties: types.BigInteger = field()
    sister_ties_undated: types.BigInteger = field()
    japan_visits: types.BigInteger = field()
    visits_by_chinese: types.BigInteger = field()
    visits_by_japanese: types.BigInteger = field()
    provenance: types.Text = field(nullable=True)

    class Config:
        name = "mart.province_profile"
        unique = ["place", "year"]


class MartProvinceProfileOneRelease(MartProvinceProfile):
    """As province_profile, with only those years of an indicator that come from its newest release: growth is not across a seam."""

    class Config:
        name = "mart.province_profile_one_release"
        unique = ["place", "year"]


def _sums(measure: profile.Measure) -> dict[str, Declared]:
    """A measure of a region: of all members, of those that have a figure, and how many those are."""
    return {
        **_measure(measure),
        f"{measure.name}_partial": (types.Money, field(nullable=True)),
        f"{measure.name}_members": (types.BigInteger, field(ge=0)),
    }


@with_columns(
    {
        **PLACE_AND_YEAR,
        "member_count": (types.BigInteger, field(ge=1)),
        "member_places": (types.Text, field()),
        "member_names": (types.Text, field()),
        **{name: column for m in profile.MEASURES for name, column in _sums(m).items()},
    }
)
class MartRegionProfile(Table):
    """One row a group of Chinese provinces and year: the sums of mart.province_profile, with the members spelt out.

    A number is there only where all members have one; ``…_partial`` is the sum of those that have one, ``…_members`` how
    many that are. Only CN_EAST, CN_CENTRAL, CN_WEST and CN_NORTHEAST together are a partition of the 31 provinces: other
    groups overlap (macro ``partition_of`` refuses them).
    """

    free_trade_zone_members: types.BigInteger = field(ge=0)
    sister_ties: types.BigInteger = field(ge=0)
    sister_ties_undated: types.BigInteger = field(ge=0)
    japan_visits: types.BigInteger = field(ge=0)
    visits_by_chinese: types.BigInteger = field(ge=0)
    visits_by_japanese: types.BigInteger = field(ge=0)
    provenance: types.Text = field()

    class Config:
        name = "mart.region_profile"
        unique = ["place", "year"]
