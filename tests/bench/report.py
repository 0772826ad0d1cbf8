"""What was measured, as tables on the terminal, as JSON and as a chart."""

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tests.bench import chart, peers, rounds, verdicts
from tests.bench.measure import Run
from tests.bench.spread import ratios, spread

if TYPE_CHECKING:
    from tests.bench.run import Measured

#: Where results that are not of a number of years come in bench.json.
_AFTER_ALL_YEARS = 1000
_PACKAGES = ("duckdb", "pandera", "ibis-framework", "pandas", "polars", "dlt", "pyarrow", "prefect")


def show(console: Console, measured: "Measured") -> None:
    """Print the tables."""
    console.print(_loads_table(measured))
    if measured.scale.mart:
        console.print(_questions_table(measured))
    console.print(_bars_table(measured))
    at_scale = measured.scale
    if at_scale.command and at_scale.command_again and at_scale.publishing:
        console.print(
            f"the whole command `entrepot build`, {_years(measured.plan.years)}: {at_scale.command.wall:.1f} s (Prefect's start, load, "
            f"checks, publication), {at_scale.command.peak_bytes / 1e9:.2f} GB; again with nothing to do {at_scale.command_again.wall:.1f} s; "
            f"checks and publication alone {at_scale.publishing.wall:.1f} s with three readers",
            highlight=False,
        )


def write(measured: "Measured", folder: Path) -> None:
    """Write bench.json, which keeps the last run of every number of years, and bench.svg, drawn from it."""
    keep(folder, _years(measured.plan.years) + (", zipped" if measured.plan.zipped else ""), as_json(measured))


def keep(folder: Path, name: str, result: dict[str, Any]) -> None:
    """Put a result into bench.json in place of the last one of its name, those of fewer years first, and draw bench.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "bench.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[name] = result
    kept = dict(sorted(kept.items(), key=lambda i: i[1]["asked"].get("years", _AFTER_ALL_YEARS)))
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "bench.svg").write_text(chart.draw(kept), encoding="utf-8")


def as_json(measured: "Measured") -> dict[str, Any]:
    """All of it, as it goes into bench.json."""
    plan, at_scale = measured.plan, measured.scale
    return {
        "asked": {"rows": plan.rows, "years": plan.years, "runs": plan.runs, "revised": plan.revised, "zipped": plan.zipped},
        "machine": machine(),
        "file": {"rows": measured.clean.rows, "layout": "t,i,j,k,v,q as CEPII's BACI; made-up figures"},
        "loads": loads(measured),
        "questions": {
            name: asdict(s) for name, s in (verdicts.each_question(at_scale) if at_scale.mart else {}).items()
        },
        "bars": [
            {
                "name": v.bar.name, "limit": v.bar.limit, "aim": v.bar.aim, "unit": v.bar.unit, "value": v.value,
                "spread": v.spread and asdict(v.spread), "used": v.used, "met": v.met, "verdict": v.sentence,
                "note": v.note, "faults": v.faults,
            }
            for v in measured.verdicts
        ],
        "command": at_scale.command and {"seconds": at_scale.command.wall, "peak_bytes": at_scale.command.peak_bytes},
        "command_again": at_scale.command_again and {"seconds": at_scale.command_again.wall},
        "adopt_again": [r.wall for r in measured.one_year.adopted_again],
        "publishing": at_scale.publishing and {"seconds": at_scale.publishing.wall, "readers": at_scale.readers},
        "sizes": at_scale.sizes,
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """Where it was measured, and with what."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "packages": {name: v for name in _PACKAGES if (v := _version(name))},
    }


def loads(measured: "Measured") -> list[dict[str, Any]]:
    """Every way to load the one year: seconds, ratio to the floor of its round, memory, what it checks."""
    one_year = measured.one_year
    entries = [_load("DuckDB alone (floor)", one_year.floor, one_year.floor, *rounds.checked("floor"))]
    if one_year.first and not one_year.failed:
        entries.append(_load("Entrepôt, first load", one_year.first, one_year.floor, *rounds.checked("ours")))
        entries.append(
            _load("Entrepôt, new release", one_year.revised, one_year.floor_revised, *rounds.checked("ours"))
        )
        entries.append(
            _load("Entrepôt, the same again", one_year.again, one_year.floor, "bytes and code are as before", "–")
        )
    for peer in peers.ALL:
        if peer.name in one_year.peers:
            entries.append(_load(peer.name, one_year.peers[peer.name], one_year.floor, peer.checks, peer.lacks))
        elif peer.name in one_year.absent:
            entries.append({"name": peer.name, "absent": one_year.absent[peer.name]})
    return entries


def _load(name: str, runs: list[Run], floor: list[Run], checks: str, lacks: str) -> dict[str, Any]:
    return {
        "name": name,
        "seconds": asdict(spread(verdicts.seconds(runs))),
        "ratio": asdict(ratios(verdicts.seconds(runs), verdicts.seconds(floor))),
        "peak_gb": asdict(verdicts.peak(runs)),
        "checks": checks,
        "lacks": lacks,
    }


def _loads_table(measured: "Measured") -> Table:
    table = Table(title=f"Loading one year of {measured.clean.rows:,} rows (median, least–most)", show_lines=True)
    for heading in ("", "seconds", "× floor", "peak GB", "checks", "lacks"):
        table.add_column(heading, justify="left" if heading in ("", "checks", "lacks") else "right")
    for entry in loads(measured):
        if "absent" in entry:
            table.add_row(entry["name"], "–", "–", "–", entry["absent"], "")
        else:
            figures = [_shown(entry[name]) for name in ("seconds", "ratio", "peak_gb")]
            table.add_row(entry["name"], *figures, entry["checks"], entry["lacks"])
    return table


def _questions_table(measured: "Measured") -> Table:
    at_scale = measured.scale
    table = Table(title="The analysts' questions: mart.trade_reconciled against the flat table (median, least–most)")
    for heading in ("question", "flat ms", "mart ms", "ratio"):
        table.add_column(heading, justify="left" if heading == "question" else "right")
    for name, ratio in verdicts.each_question(at_scale).items():
        flat, mart = (
            spread(1000 * r.result["each"][name] for r in runs).shown(decimals=1)
            for runs in (at_scale.flat, at_scale.mart)
        )
        table.add_row(name, flat, mart, ratio.shown())
    return table


def _bars_table(measured: "Measured") -> Table:
    table = Table(title="The bars")
    for heading in ("work", "measured", "bar", "aim", "verdict", "note"):
        table.add_column(heading, justify="right" if heading in ("measured", "bar", "aim") else "left")
    for v in measured.verdicts:
        value = "–" if v.value is None else (v.spread.shown() if v.spread else f"{v.value:.2f}")
        aim = "" if v.bar.aim is None else f"{v.bar.aim:g}"
        style = {True: "green", False: "red", None: "dim"}[v.met]
        table.add_row(v.bar.name, value, f"{v.bar.limit:g} {v.bar.unit}", aim, f"[{style}]{v.sentence}[/]", v.note)
    return table


def _shown(figures: dict[str, float]) -> str:
    return (
        f"{figures['median']:.2f}\n({figures['least']:.2f}–{figures['most']:.2f})"
        if figures["runs"] > 1
        else f"{figures['median']:.2f}"
    )


def _years(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
