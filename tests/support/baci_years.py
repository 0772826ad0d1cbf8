"""Small years of BACI, for tests of what comes after loading."""

import random
from pathlib import Path

_KEYS = [(i, j, k) for i in (4, 8) for j in (24, 392) for k in ("010121", "010129", "852352")]


def write_year(folder: Path, year: int, stamp: str = "202501", seed: int = 0, edition: str = "92") -> Path:
    """A small year of BACI: most of a few flows, with figures that the seed gives, and one of the highest amount."""
    dice = random.Random(f"{year} {seed} {edition}")
    path = folder / f"BACI_HS{edition}_Y{year}_V{stamp}.csv"
    rows = [
        f"{year},{i},{j},{k},{dice.randrange(1, 9000) / 1000:.3f},{dice.choice(['NA', '1.500'])}"
        for i, j, k in _KEYS
        if dice.random() < 0.8
    ]
    path.write_text("\n".join(["t,i,j,k,v,q", *rows, f"{year},156,392,852352,99999999999.999,NA", ""]))
    return path
