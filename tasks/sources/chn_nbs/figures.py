"""One figure as every layout of National Data gives it, and the forms of its periods and databases."""

import re
from dataclasses import dataclass

from tasks.sources.chn_nbs.catalogue import IndicatorMapping
from warehouse.errors import LayoutChanged

#: Databases of National Data: the level of their regions, and the dataset here.
DATABASES = {
    "年度数据": ("nation", "nbs.national_annual"),
    "季度数据": ("nation", "nbs.national_quarterly"),
    "月度数据": ("nation", "nbs.national_monthly"),
    "分省年度数据": ("province", "nbs.province_annual"),
    "分省季度数据": ("province", "nbs.province_quarterly"),
    "分省月度数据": ("province", "nbs.province_monthly"),
    "主要城市年度数据": ("city", "nbs.city_annual"),
    "主要城市月度数据": ("city", "nbs.city_monthly"),
    "主要城市月度价格": ("city", "nbs.city_monthly"),
}
_OF = {"nation": "national", "province": "province", "city": "city"}
_HOW_OFTEN = {"A": "annual", "Q": "quarterly", "M": "monthly", "YTD": "monthly"}

#: Columns of schemas.nbs.NbsFigure in the order of ``Figure.row``.
COLUMNS = (
    "dataset", "nbs_name", "nbs_code", "region", "region_code", "region_level", "freq", "period", "printed_value",
    "printed_unit", "fact", "indicator", "flow", "valuation", "basis", "concept", "obs_status",
)  # fmt: skip

_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4", "1": "1", "2": "2", "3": "3", "4": "4"}
_PERIODS = (
    (re.compile(r"(\d{4})年?"), "A"),
    (re.compile(r"(\d{4})YY"), "A"),
    (re.compile(r"(\d{4})年第?([一二三四1-4])季度"), "Q"),
    (re.compile(r"(\d{4})0([1-4])SS"), "Q"),
    (re.compile(r"(\d{4})([ABCD])"), "Q"),
    (re.compile(r"(\d{4})年(\d{1,2})月"), "M"),
    (re.compile(r"(\d{4})(0[1-9]|1[0-2])(?:MM)?"), "M"),
)


@dataclass(frozen=True)
class Period:
    """A frequency and a period in SDMX text."""

    freq: str
    text: str


@dataclass(frozen=True)
class Figure:
    """One printed figure. ``region_code`` is None where only the region's name is known."""

    dataset: str
    name: str
    code: str | None
    region: str
    region_code: str | None
    level: str
    period: Period
    value: str
    unit: str | None

    def row(self, meaning: IndicatorMapping) -> tuple[str | None, ...]:
        """The figure in the order of COLUMNS, with what its name means."""
        return (
            self.dataset, self.name, self.code, self.region, self.region_code, self.level, self.period.freq,
            self.period.text, self.value, self.unit, meaning.fact, meaning.indicator, meaning.flow, meaning.valuation,
            meaning.basis, meaning.concept, meaning.status(self.period.text),
        )  # fmt: skip


def period(printed: str, name: str) -> Period | None:
    """A period as a header or a code writes it, such as 2023年, 202304SS or 2023年5月; None for other text.

    ``name`` is the indicator's: months of cumulative indicators (累计) are YTD.
    """
    for pattern, freq in _PERIODS:
        if match := pattern.fullmatch(printed.strip()):
            return _period(freq, match[1], match[2] if match.lastindex == 2 else "", "累计" in name)
    return None


def _period(freq: str, year: str, part: str, is_cumulative: bool) -> Period:
    if freq == "A":
        return Period("A", year)
    if freq == "Q":
        return Period("Q", f"{year}-Q{_QUARTERS.get(part) or 'ABCD'.index(part) + 1}")
    return Period("YTD" if is_cumulative else "M", f"{year}-{int(part):02d}")


def dataset(level: str, freq: str) -> str:
    """The dataset of figures of a level and frequency."""
    return f"nbs.{_OF[level]}_{_HOW_OFTEN[freq]}"


def of_database(name: str, where: str) -> tuple[str, str]:
    """Level and dataset of a database. Raises LayoutChanged for an unknown one."""
    try:
        return DATABASES[name]
    except KeyError:
        raise LayoutChanged(
            f"unknown database of National Data {name!r}: {where}. Known are {', '.join(DATABASES)}"
        ) from None


def six_digits(code: str) -> str:
    """A code of twelve digits, as the new service has them, without its six zeros; others as they are."""
    return code[:6] if len(code) == 12 and code.endswith("000000") else code
