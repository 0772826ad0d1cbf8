"""Drawing charts as SVG with Vega: without a browser or network, in colours that the page's style sheet gives."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import vl_convert

#: What vl-convert puts before a relative address.
_ADDED_ADDRESS = "https://vega.github.io/vega-datasets/"
_MARK = re.compile(
    r'<(path|rect|circle|text)((?: [a-z-]+="[^"]*")*?) aria-label="([^"]*)"((?: [\w-]+="[^"]*")*)(?:/>|>(.*?)</\1>)',
    re.S,
)
_ARIA = re.compile(r' (?:role|aria-roledescription|aria-hidden|aria-label|pointer-events)="[^"]*"')
_PLACES = re.compile(r'( (?:d|transform|x|x1|x2|y|y1|y2|width|height)=")([^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


_LINK = re.compile(r'<a tabindex="-1" href="([^"]*)"[^>]*>(.*?)</a>', re.S)


class Drawer:
    """Draws charts beside other work: Vega leaves Python alone while it draws, which takes a third of the time of a site."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown(cancel_futures=True)

    def draw(self, spec: dict[str, Any], name: str, label: str) -> Future[str]:
        """The SVG of a specification, as ``svg`` gives it, when it is drawn."""
        return self._thread.submit(svg, spec, name, label)


def with_links(drawn: str, leads_somewhere: Callable[[str], bool]) -> str:
    """A drawing without the links that lead nowhere; their marks stay."""
    return _LINK.sub(lambda link: link[0] if leads_somewhere(link[1]) else link[2], drawn)


def svg(spec: dict[str, Any], name: str, label: str) -> str:
    """The SVG of a Vega-Lite specification; ``name`` is unique in the page, ``label`` is what a screen reader says.

    Marks with a description have it as a title. Links are not reached by the tabulator key: the table beside has them too.
    """
    drawn = vl_convert.vegalite_to_svg(spec)
    drawn = drawn.replace(_ADDED_ADDRESS, "").replace("xlink:href", "href")
    drawn = _MARK.sub(_with_title, drawn)
    drawn = _ARIA.sub("", drawn)
    drawn = _PLACES.sub(_rounded, drawn)
    drawn = (
        drawn.replace('id="', f'id="{name}-')
        .replace("url(#", f"url(#{name}-")
        .replace("<a href", '<a tabindex="-1" href')
    )
    width, height = _size(drawn)
    head = f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" class="chart" role="group" aria-label="{label}"'
    return f"{head}>{drawn.split('>', 1)[1]}"


def _size(drawn: str) -> tuple[str, str]:
    match = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn)
    if match is None:
        raise ValueError("the drawing has no size")
    return match[1], match[2]


def _rounded(place: re.Match[str]) -> str:
    """Coordinates to a tenth of a pixel, which is a third of the drawing's size less. Numbers in texts stay as they are."""
    return place[1] + _NUMBER.sub(lambda number: f"{float(number[0]):.1f}", place[2]) + '"'


def _with_title(mark: re.Match[str]) -> str:
    tag, before, label, after, text = mark.groups()
    title = f"<title>{label}</title>" if not text else ""
    return f"<{tag}{before}{after}>{title}{text or ''}</{tag}>"
