"""The European Central Bank's own tables of exchange rates.

EXR: https://data.ecb.europa.eu/data/datasets/EXR/structure; reference rates:
https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    exr_freq=Meaning("Frequency of the series: A year, Q quarter, M month, D day"),
    exr_currency=Meaning("ISO 4217 code of the currency that is quoted"),
    exr_denominator=Meaning("Currency the rate is quoted for one unit of"),
    exr_type=Meaning("Type of rate: SP00 is the spot rate"),
    exr_suffix=Meaning("A average of the period (or the rate of the day), E end of the period"),
    exr_period=Meaning("Period as printed: 2016, 2016-Q1, 2016-09, 2016-09-30"),
    exr_value=Meaning("Units of the currency per unit of the denominator, as printed; empty or NaN where missing"),
    exr_status=Meaning("SDMX observation status as printed"),
    exr_confidentiality=Meaning("SDMX confidentiality status as printed"),
    exr_multiplier=Meaning("Power of ten the value is to be multiplied with, as printed"),
    exr_prepared=Meaning("Day on which the publisher prepared the message, where it is stated"),
    reference_day=Meaning("Day of the reference rate"),
    reference_rate=Meaning("Units of the currency per euro, as printed; N/A where there is none"),
    release_day=Meaning("Latest day in the file: the day it was released"),
)

#: A number as the ECB prints one, or nothing.
RATE = r"^(\d+(\.\d+)?|NaN)?$"


class EcbExr(Table):
    """Spot rates against the euro from the ECB's data service (dataflow EXR), in CSV or SDMX-ML.

    Other types of rates of that dataflow (effective exchange rates are indices) are refused: they are not rates.
    """

    exr_freq: types.Text = field(isin=["A", "Q", "M", "D"])
    exr_currency: types.Text = field(references="ref.place_code.code", among=("scheme", "iso4217"))
    exr_denominator: types.Text = field(isin=["EUR"])
    exr_type: types.Text = field(isin=["SP00"])
    exr_suffix: types.Text = field(isin=["A", "E"])
    exr_period: types.Text = field()
    exr_value: types.Text = field(nullable=True, str_matches=RATE)
    exr_status: types.Text = field(isin=["A", "B", "E", "H", "L", "M", "O", "P", "Q"])
    exr_confidentiality: types.Text = field(nullable=True, isin=["F"])
    exr_multiplier: types.Text = field(isin=["0"])
    exr_prepared: types.Date = field(nullable=True)

    class Config:
        name = "ecb.exr"
        unique = ["exr_freq", "exr_currency", "exr_denominator", "exr_type", "exr_suffix", "exr_period"]


class EcbReference(Table):
    """The ECB's reference rates of every day since 1999 (eurofxref-hist), a column a currency unpivoted."""

    reference_day: types.Date = field()
    exr_currency: types.Text = field(references="ref.place_code.code", among=("scheme", "iso4217"))
    reference_rate: types.Text = field(str_matches=r"^(\d+(\.\d+)?|N/A)$")
    release_day: types.Date = field()

    class Config:
        name = "ecb.reference"
        unique = ["reference_day", "exr_currency"]
