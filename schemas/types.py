"""The column types of the schemas.

Amounts are exact decimals. Stored amounts of trade have 64 bits (DECIMAL(18,3)), because reading eleven million 128-bit
decimals from text takes ten times as long (22 s against 2.3 s). All others have 128 bits (DECIMAL(38, …)), wide enough
for any currency.

Amounts in marts have 19 to 28 digits: DuckDB computes the product of two decimals of at most 18 digits within 18 digits, and
that of wider ones within 38, so that ``value_usd * 0.9434`` or an amount times an exchange rate overflows with narrower and with
wider types.
"""

from typing import Annotated

import ibis.expr.datatypes as dt
from ibis.common.collections import FrozenOrderedDict
from pandera.dtypes import immutable
from pandera.engines import ibis_engine

Text = dt.String
Integer = dt.Int32
BigInteger = dt.Int64
Boolean = dt.Boolean
Date = dt.Date
Timestamp = Annotated[dt.Timestamp, "UTC", 6, True]
#: A moment in UTC in marts, where a type without a time zone is what every client takes.
UtcTimestamp = Annotated[dt.Timestamp, None, 6, True]

#: Trade amounts, in units of the currency: thousandths exact, below 10**15.
TradeAmount = Annotated[dt.Decimal, 18, 3, True]
#: Money in units of the currency: millionths exact.
Money = Annotated[dt.Decimal, 38, 6, True]
#: Amounts of trade in marts: thousandths exact.
TradeValue = Annotated[dt.Decimal, 20, 3, True]
#: US dollars in marts, to the cent.
Dollars = Annotated[dt.Decimal, 20, 2, True]
#: Sums of US dollars, to the cent.
DollarSum = Annotated[dt.Decimal, 38, 2, True]
#: Amounts and measured quantities in marts: millionths exact.
Amount = Annotated[dt.Decimal, 28, 6, True]
#: An exchange rate that amounts can be multiplied with.
Rate = Annotated[dt.Decimal, 20, 9, True]
#: A number for comparison, such as a ratio.
Double = dt.Float64
#: Any measured quantity in its base unit: fifteen decimals exact, below 10**23.
Quantity = Annotated[dt.Decimal, 38, 15, True]
#: Number of companies, bases or people.
Count = dt.Int64
#: Kilometres, to the metre.
Kilometres = Annotated[dt.Decimal, 18, 3, True]
#: A printed percentage: six decimals exact.
Percent = Annotated[dt.Decimal, 18, 6, True]
#: Thousands of something, to the unit: times 1,000 it is a TradeAmount without leaving 64 bits.
Thousandths14 = Annotated[dt.Decimal, 14, 3, True]


class Provenance(dt.Struct):
    """Where one value of a fact comes from. The fields are those of the columns of the same names."""

    fields: FrozenOrderedDict[str, dt.DataType] = FrozenOrderedDict(
        {
            "source": dt.string,
            "dataset": dt.string,
            "publisher": dt.string,
            "published_on": dt.date,
            "published_precision": dt.string,
            "artifact": dt.string,
            "status": dt.string,
            "valuation": dt.string,
            "currency": dt.string,
            "method": dt.string,
            "total_method": dt.string,
            "other_figures": dt.int32,
            "spread": dt.float64,
        }
    )


@ibis_engine.Engine.register_dtype(equivalents=[Provenance, Provenance()])
@immutable(init=True)
class _ProvenanceColumn(ibis_engine.DataType):
    """Pandera's name for the type, which it cannot make from a structure by itself."""

    type = Provenance()

    def __init__(self) -> None:
        """Without arguments: there is one such type."""
