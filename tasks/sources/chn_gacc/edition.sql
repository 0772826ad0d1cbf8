-- The edition of the Harmonized System that China's tariff followed, over a column "year".
CASE
    WHEN year >= 2022 THEN '2022' WHEN year >= 2017 THEN '2017' WHEN year >= 2012 THEN '2012'
    WHEN year >= 2007 THEN '2007' WHEN year >= 2002 THEN '2002' WHEN year >= 1996 THEN '1996' ELSE '1992'
END
