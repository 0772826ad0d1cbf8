-- A printed number in base units, exactly: NULL if it does not fit. A rate printed per 100 units is brought
-- to one unit by a decimal factor, because DuckDB divides decimals in binary floating point.
CREATE OR REPLACE MACRO core.scaled(printed, multiplier, quotation) AS TRY(
    -- A number too small for the decimals that are kept (1e-400) is none, and not nil.
    -- TRY_CAST, not CAST: the engine would take a cast that stands here twice out of TRY, where it fails for text that is no number.
    CASE WHEN TRY_CAST(printed AS DECIMAL(38, 15)) = 0 AND regexp_matches(printed, '^[-+]?[0-9.]*[1-9]') THEN NULL ELSE
    CASE quotation
        WHEN 1 THEN CAST(printed AS DECIMAL(38, 15)) * multiplier
        WHEN 100 THEN CAST(CAST(printed AS DECIMAL(28, 12)) * 0.01 AS DECIMAL(38, 15))
    END END);
-- The value as money, NULL if that would lose a digit.
CREATE OR REPLACE MACRO core.money(amount) AS
    CASE WHEN TRY_CAST(amount AS DECIMAL(38, 6)) = amount THEN TRY_CAST(amount AS DECIMAL(38, 6)) END;
-- The value as a trade amount, NULL if that would lose a digit.
CREATE OR REPLACE MACRO core.trade_amount(amount) AS
    CASE WHEN TRY_CAST(amount AS DECIMAL(18, 3)) = amount THEN TRY_CAST(amount AS DECIMAL(18, 3)) END;
-- The value as a percentage, NULL if that would lose a digit.
CREATE OR REPLACE MACRO core.percent(amount) AS
    CASE WHEN TRY_CAST(amount AS DECIMAL(18, 6)) = amount THEN TRY_CAST(amount AS DECIMAL(18, 6)) END;
-- The value as a whole number, NULL if it is none.
CREATE OR REPLACE MACRO core.whole(amount) AS
    CASE WHEN TRY_CAST(amount AS BIGINT) = amount THEN TRY_CAST(amount AS BIGINT) END;
-- A number of 38 digits, fifteen of them decimals, as a whole number of its last decimal.
CREATE OR REPLACE MACRO core.last_decimals(number) AS
    floor(CAST(number AS DECIMAL(38, 15)))::HUGEINT * 1000000000000000
    + ((CAST(number AS DECIMAL(38, 15)) - floor(CAST(number AS DECIMAL(38, 15)))) * 1000000000000000)::HUGEINT;
-- An amount of a currency in US dollars, to the cent, half away from zero, NULL if it does not fit. All in
-- integers, so that the one rounding is the last step: millionths of the amount over the last decimal of the rate.
CREATE OR REPLACE MACRO core.to_usd(amount, rate) AS TRY(CAST(
    sign(amount)::HUGEINT * (
        (2 * (CAST(abs(amount) AS DECIMAL(38, 6)) * 1000000)::HUGEINT * 100000000000 + core.last_decimals(rate))
        // (2 * core.last_decimals(rate))
    ) AS DECIMAL(38, 2)) * 0.01::DECIMAL(3, 2));
-- One positive number over another to fifteen decimals, half up, in integers; NULL if it does not fit.
CREATE OR REPLACE MACRO core.ratio(over, under) AS TRY(CAST(
    (2 * core.last_decimals(over) * 1000000000000000 + core.last_decimals(under)) // (2 * core.last_decimals(under))
    AS DECIMAL(38, 0)) * 0.000000000000001::DECIMAL(16, 15));
-- First and last day of a period in SDMX text.
CREATE OR REPLACE MACRO core.period_start(freq, period) AS
    CASE freq
        WHEN 'D' THEN CAST(period AS DATE)
        WHEN 'M' THEN make_date(CAST(period[1:4] AS INTEGER), CAST(period[6:7] AS INTEGER), 1)
        WHEN 'Q' THEN make_date(CAST(period[1:4] AS INTEGER), CAST(period[7:7] AS INTEGER) * 3 - 2, 1)
        ELSE make_date(CAST(period[1:4] AS INTEGER), 1, 1)
    END;
CREATE OR REPLACE MACRO core.period_end(freq, period) AS
    CASE freq
        WHEN 'D' THEN CAST(period AS DATE)
        WHEN 'A' THEN make_date(CAST(period[1:4] AS INTEGER), 12, 31)
        WHEN 'Q' THEN last_day(make_date(CAST(period[1:4] AS INTEGER), CAST(period[7:7] AS INTEGER) * 3, 1))
        ELSE last_day(make_date(CAST(period[1:4] AS INTEGER), CAST(period[6:7] AS INTEGER), 1))
    END;
