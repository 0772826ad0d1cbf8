"""Drawing charts as SVG with Vega: without a browser or network, in colours that the page's style sheet gives."""

import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import vl_convert

from warehouse.errors import EntrepotError

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


class DrawingFailed(EntrepotError):
    """A chart cannot be drawn."""


class Drawer:
    """Draws charts beside other work, in a process of its own: drawing takes a third of the time of a site, and keeps all else of a process waiting.

    What is to be drawn and what is drawn wait in files, so that memory does not grow with their number.
    """

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._numbers = itertools.count()
        # -P: a folder "tasks" where the user happens to be is not taken for this one.
        command = [sys.executable, "-P", "-m", __name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self._thread = ThreadPoolExecutor(1)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._process.communicate()  # closes what it reads, at whose end it ends
        self._folder.cleanup()

    def draw(self, spec: dict[str, Any], name: str, label: str) -> Future[Path]:
        """The file with the SVG of a specification, as ``svg`` gives it, when it is drawn. Its result raises DrawingFailed."""
        file = Path(self._folder.name) / str(next(self._numbers))
        file.write_text(json.dumps([spec, name, label]), encoding="utf-8")
        return self._thread.submit(self._drawn, file, name)

    def _drawn(self, file: Path, name: str) -> Path:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the process has pipes")
        try:
            self._process.stdin.write(f"{file}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise DrawingFailed(
                f"the process that draws charts has ended with code {self._process.wait()}: run the command again"
            )
        if fault := json.loads(answer):
            raise DrawingFailed(f"the chart {name} cannot be drawn: {fault}")
        return file


def _serve() -> None:
    """Put the result of ``svg`` into each file that a line of standard input names, in place of the arguments; answer with what is wrong, or null."""
    for line in sys.stdin:
        file, fault = Path(line.rstrip("\n")), None
        try:
            file.write_text(svg(*json.loads(file.read_bytes())), encoding="utf-8")
        except ValueError as raised:  # vl-convert's, too
            fault = str(raised)
        sys.stdout.write(f"{json.dumps(fault)}\n")
        sys.stdout.flush()


def with_links(drawn: str, led: Callable[[str], str | None]) -> str:
    """A drawing whose links lead where ``led`` says, and without those that lead nowhere; their marks stay."""

    def linked(link: re.Match[str]) -> str:
        address = led(link[1])
        return link[2] if address is None else link[0].replace(link[1], address, 1)

    return _LINK.sub(linked, drawn)


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


if __name__ == "__main__":
    _serve()
