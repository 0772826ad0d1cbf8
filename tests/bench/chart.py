"""The chart: how long each way of loading takes, and how much of each bar is used. Drawn without a browser or network."""

from typing import Any

_OURS, _OTHERS, _MISSED = "#1f6f8b", "#9aa5ab", "#c0392b"
_WIDTH, _STEP = 460, 26


def draw(kept: dict[str, dict[str, Any]]) -> str:
    """An SVG of bench.json."""
    import altair as alt

    first = next(iter(kept.values()))
    sizes = [_sizes(result["sizes"]) for result in kept.values() if "cliffs" in result]
    panels = [_loads(first), *sizes, *(_bars(name, result) for name, result in kept.items() if _measured(result))]
    drawn = alt.vconcat(*panels).resolve_scale(x="independent", y="independent", color="independent")
    return _svg(drawn.configure_view(strokeWidth=0).configure_axis(grid=False, labelLimit=260).to_dict())


def _svg(specification: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification)) + "\n"


def _loads(result: dict[str, Any]) -> Any:
    """Seconds by loader: the bar is the median, the line from the least to the most."""
    import altair as alt

    rows = [
        {
            "name": e["name"],
            **e["seconds"],
            "ours": e["name"].startswith("Entrepôt"),
            "label": f"{e['ratio']['median']:.2f} ×",
        }
        for e in result["loads"]
        if "absent" not in e
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=None, title=None))
    bars = base.mark_bar().encode(
        x=alt.X("median:Q", title="seconds (median; line: least to most; number: against the floor of the same round)"),
        color=alt.condition(alt.datum.ours, alt.value(_OURS), alt.value(_OTHERS)),
    )
    lines = base.mark_rule(strokeWidth=1.5).encode(x=alt.X("least:Q"), x2="most:Q")
    labels = base.mark_text(align="left", dx=6).encode(x=alt.X("most:Q"), text="label:N")
    title = f"Loading one year of BACI's size, {result['file']['rows']:,} rows"
    return (bars + lines + labels).properties(width=_WIDTH, height=_STEP * len(rows), title=title)


def _sizes(sizes: list[dict[str, Any]]) -> Any:
    """What files of every size cost from being adopted to being published; a size that could not be published is red."""
    import altair as alt

    rows = [
        {
            "name": f"{s['millions']:g} million rows", "used": s["adopt_seconds"] + s["build_seconds"], "failed": bool(s["fault"]),
            "label": s["fault"] or f"{max(s['adopt_bytes'], s['build_bytes']) / 1e9:.2f} GB",
        }
        for s in sizes
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=None, title=None))
    bars = base.mark_bar().encode(
        x=alt.X("used:Q", title="processor seconds of adopt and build (number: peak memory)"),
        color=alt.condition(alt.datum.failed, alt.value(_MISSED), alt.value(_OURS)),
    )
    labels = base.mark_text(align="left", dx=6).encode(x="used:Q", text="label:N")
    return (bars + labels).properties(
        width=_WIDTH, height=_STEP * len(rows), title="Adopted, loaded and published, default settings"
    )


def _bars(name: str, result: dict[str, Any]) -> Any:
    """How much of what each bar allows was used; the line is the bar."""
    import altair as alt

    rows = [
        {"name": b["name"], "used": 100 * b["used"], "met": b["met"], "label": f"{b['value']:.3g} {b['unit']}"}
        for b in _measured(result)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=None, title=None))
    used = base.mark_bar().encode(
        x=alt.X("used:Q", title="% of what the bar allows"),
        color=alt.condition(alt.datum.met, alt.value(_OURS), alt.value(_MISSED)),
    )
    labels = base.mark_text(align="left", dx=6).encode(x="used:Q", text="label:N")
    line = alt.Chart(alt.Data(values=[{"at": 100}])).mark_rule(strokeDash=[4, 3]).encode(x="at:Q")
    return (used + labels + line).properties(width=_WIDTH, height=_STEP * len(rows), title=f"The bars, {name}")


def _measured(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [b for b in result.get("bars", []) if b["used"] is not None]
