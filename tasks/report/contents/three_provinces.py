"""The three provinces of the Northeast as conditions of queries."""

THREE = "('CN-LN', 'CN-JL', 'CN-HL')"
IN_THREE = (
    f"(place IN {THREE} OR place IN (SELECT place FROM ref.place WHERE parent IN {THREE}) OR place = 'CN_NORTHEAST')"
)
