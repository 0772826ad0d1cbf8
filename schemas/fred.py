"""Tables of the Federal Reserve's exchange rates (H.10) as FRED gives them and as others reshape them.

https://fred.stlouisfed.org/release?rid=17, https://www.federalreserve.gov/releases/h10/current/
"""

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    fred_series=Meaning(
        "FRED's id of the series, such as AEXCHUS; for a reshaped table the country as it is called there"
    ),
    fred_day=Meaning("First day of the period the rate is for; the day itself for daily series"),
    fred_freq=Meaning("Frequency, from the id of the series or the days of the table: A year, M month, D day"),
    fred_value=Meaning("Rate as printed; a point where missing"),
    fred_quoted=Meaning("ISO 4217 code of the currency that is quoted"),
    fred_base=Meaning("ISO 4217 code of the currency it is quoted for one unit of"),
)

RATE = r"^(\d+(\.\d+)?|\.)$"


class FredFx(Table):
    """Exchange rates of the Federal Reserve's release H.10, one record for each series and period.

    Most are units of a currency per US dollar; euro, pound, Australian and New Zealand dollar are US dollars per unit.
    """

    fred_series: types.Text = field()
    fred_day: types.Date = field()
    fred_freq: types.Text = field(isin=["A", "M", "D"])
    fred_quoted: types.Text = field(references="ref.place_code.code", among=("scheme", "iso4217"))
    fred_base: types.Text = field(references="ref.place_code.code", among=("scheme", "iso4217"))
    fred_value: types.Text = field(str_matches=RATE)

    class Config:
        name = "fred.fx"
        unique = ["fred_series", "fred_day", "fred_freq"]


class FredReshaped(Table):
    """The same release as datasets/exchange-rates reshapes it: country by name, all rates per US dollar.

    Rates the Federal Reserve quotes in dollars were turned round there, to four decimals.
    """

    fred_series: types.Text = field()
    fred_day: types.Date = field()
    fred_freq: types.Text = field(isin=["A", "M"])
    fred_quoted: types.Text = field(references="ref.place_code.code", among=("scheme", "iso4217"))
    fred_value: types.Text = field(str_matches=RATE)

    class Config:
        name = "fred.reshaped"
        unique = ["fred_series", "fred_day", "fred_freq"]
