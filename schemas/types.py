"""The column types of the schemas.

Amounts are exact decimals. Amounts of trade have 64 bits (DECIMAL(18,3)), because reading eleven million 128-bit
decimals from text takes ten times as long (22 s against 2.3 s). All others have 128 bits (DECIMAL(38, …)), wide enough
for any currency.
"""

from typing import Annotated

import ibis.expr.datatypes as dt

Text = dt.String
Integer = dt.Int32
BigInteger = dt.Int64
Boolean = dt.Boolean
Date = dt.Date
Timestamp = Annotated[dt.Timestamp, "UTC", 6, True]

#: Trade amounts, in units of the currency: thousandths exact, below 10**15.
TradeAmount = Annotated[dt.Decimal, 18, 3, True]
#: Money in units of the currency: millionths exact.
Money = Annotated[dt.Decimal, 38, 6, True]
#: US dollars, to the cent.
Dollars = Annotated[dt.Decimal, 38, 2, True]
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
