-- Codes in a printed row that mean an indicator. Parameters: the indicator, the printed texts.
SELECT scheme, code, note FROM ref.indicator_code WHERE indicator = $1 AND list_contains($2, code) ORDER BY code, scheme
