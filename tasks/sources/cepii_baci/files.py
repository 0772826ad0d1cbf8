"""Which of BACI's files a file is: figures, which only the publisher's name identifies, or a list that comes with a release.

Format: http://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from tasks.archive.sniff import Sniffed
from tasks.contract.source import RefusedForm
from warehouse.errors import LayoutChanged

HEADER = b"t,i,j,k,v,q"

_NAME = re.compile(r"BACI_HS(?P<edition>92|96|02|07|12|17|22)_Y(?P<year>\d{4})_V(?P<stamp>\d{6})\.csv$")
#: Headers of the lists of countries that come with a release, older and newer; and of the list of products, which has a
#: third column in a copy.
_COUNTRIES = (
    "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha",
    "country_code,country_name,country_iso2,country_iso3",
)
_PRODUCTS = ("code,description", "code,description,bec")
_README = re.compile(r"(Name of the dataset : )?BACI\s+Version ?: ?(?P<stamp>\d{6})")


@dataclass(frozen=True)
class BaciFile:
    """One year of one HS edition in one release. ``edition`` and ``stamp`` as in the name: ``92``, ``202501``."""

    edition: str
    year: int
    stamp: str

    @property
    def classification(self) -> str:
        """The HS edition, as the warehouse names it."""
        return f"HS{'19' if self.edition in ('92', '96') else '20'}{self.edition}"

    @property
    def dataset(self) -> str:
        """The dataset: each HS edition is one."""
        return f"cepii.baci.hs{self.edition}"

    @property
    def published_on(self) -> date:
        """Last day of the month of the release."""
        year, month = int(self.stamp[:4]), int(self.stamp[4:])
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def title(self) -> str:
        """Title for citations."""
        return f"BACI, HS {self.classification[2:]}, version V{self.stamp}, {self.year} (Gaulier and Zignago 2010)"


def match_name(name: str) -> BaciFile | None:
    """The file that a name such as ``BACI_HS92_Y2023_V202501.csv`` means; None for other names."""
    match = _NAME.search(name)
    if not match or not 1 <= int(match["stamp"][4:]) <= 12:
        return None
    return BaciFile(match["edition"], int(match["year"]), match["stamp"])


def of_name(filename: str) -> BaciFile:
    """As match_name. Raises LayoutChanged for other names: nothing else says edition, year and release."""
    file = match_name(filename)
    if file is None:
        raise LayoutChanged(
            f"BACI's columns under a name that does not state HS edition, year and release: {filename}. Rename the file as "
            "CEPII names it, such as BACI_HS92_Y2023_V202501.csv"
        )
    return file


#: BACI's files of before the releases have a version.
OF_BEFORE_VERSIONS = RefusedForm(
    "Files of BACI with the columns t, hs6, i, j, v, q, as its first releases had them",
    "for nothing in them says which release they are of",
    "Download a release with a version, such as BACI_HS92_V202501.zip",
)
_OLD_COLUMNS = {"t", "hs6", "i", "j", "v", "q"}


def is_of_before_versions(sniffed: Sniffed) -> bool:
    """Whether a file has the columns of BACI's first releases, in whatever order."""
    first = sniffed.lines[0] if sniffed.kind == "text" and sniffed.lines else ""
    return {name.strip(' "\ufeff') for name in re.split(r"[,;\t]", first)} == _OLD_COLUMNS


def describe_companion(sniffed: Sniffed) -> str | None:
    """Which of the lists or texts that come with a release a file is, and why it is not loaded; None for other files."""
    if sniffed.kind != "text" or not sniffed.lines:
        return None
    lines = [line.lstrip("\ufeff").replace('"', "").strip() for line in sniffed.lines[:20]]
    if lines[0] in _COUNTRIES:
        return "list of countries: not loaded, the warehouse has these codes (ref.place_code, scheme baci)"
    if lines[0] in _PRODUCTS and all(re.match(r"\d{5,6},", line) for line in lines[1:]):
        return "list of products: not loaded, the warehouse has these codes (ref.product)"
    if match := _README.match(sniffed.text.lstrip("\ufeff")):
        return f"readme of version V{match['stamp']}: no figures"
    return None
