-- Units in a printed row, as ref.unit converts them. Parameter: the printed texts.
SELECT printed_unit, base_unit, multiplier, quotation FROM ref.unit WHERE list_contains(?, printed_unit) ORDER BY printed_unit
