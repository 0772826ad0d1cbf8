"""A page for each source, made from what its module declares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from schemas import base
from schemas.base import Table
from tasks import sources
from tasks.contract.service import Key, Service
from tasks.contract.source import Source
from tasks.fetch.settings import setting

_MADE = "Made from what the sources declare (`tasks/sources`) by `make docs`."
_MAY_BE_PASSED_ON = {
    "yes": "may be passed on",
    "attribution": "may be passed on with the source named",
    "ask": "may be passed on only with the publisher's permission",
}


def pages() -> dict[str, str]:
    """The text of every page in docs/sources, by file name."""
    made = {f"{source.id}.md": _text(_page(source)) for source in sources.all_sources().values()}
    return {"README.md": _text(_index()), **made}


def write(folder: Path) -> None:
    """Write the pages to a folder, and take away pages of sources that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index() -> Iterator[str]:
    yield from ("# Sources", "", _MADE, "")
    yield from ("| source | what | publisher | how it comes |", "|---|---|---|---|")
    for source in sources.all_sources().values():
        yield f"| [{source.id}]({source.id}.md) | {source.title} | {source.publisher} | {_comes(source)} |"


def _comes(source: Source) -> str:
    """How its files come here, in a few words."""
    if any(True for _ in source.bundled()):
        return "bundled"
    service = source.service
    if service is None:
        return "adopted"
    if service.key and service.key.needed:
        return "pulled with a key, adopted"
    if service.is_large:
        return "pulled when named, adopted"
    return "pulled, with a key more; adopted" if service.key else "pulled, adopted"


def _page(source: Source) -> Iterator[str]:
    yield from (f"# {source.id}", "", f"{source.title}. {source.publisher}.", "", _MADE, "")
    yield from ("| | |", "|---|---|")
    yield f"| covers | {_cell(source.covers)} |"
    yield f"| units | {_cell(source.units)} |"
    yield f"| licence | {_cell(source.licence)} |"
    yield f"| passing on | {_MAY_BE_PASSED_ON[source.redistribution]} |"
    if source.documentation:
        yield f"| publisher's documentation | <{source.documentation}> |"
    yield from ("", "## Traps", "")
    yield from (f"- {trap}" for trap in source.traps)
    yield from ("", "## Files", "")
    yield from (f"- {form}" for form in source.forms)
    yield from ("", "## Service", "")
    yield from _service(source, source.service) if source.service else ("None: its files are adopted, or bundled.",)
    yield from (
        "",
        "## Tables",
        "",
        "What its files are read into, and checked as, before they become figures of the warehouse.",
    )
    for table in source.tables:
        yield from _table(table)


def _service(source: Source, service: Service) -> Iterator[str]:
    yield f"- Address: <{service.url}>; `{setting(source.id, 'URL')}` replaces it."
    yield f"- {_pace(service)}"
    if service.key:
        yield f"- {_key(service.key)} It is set as `{setting(source.id, 'KEY')}`. {source.key_help or ''}".rstrip()
    else:
        yield "- No key."
    if service.is_large:
        yield f"- What it sends is large: it is asked only when named, `entrepot pull {source.id}`."


def _pace(service: Service) -> str:
    limits = [f"{n} in {words}" for n, words in ((service.hourly, "an hour"), (service.daily, "24 hours")) if n]
    most = f"; at most {' and '.join(limits)}" if limits else ""
    return f"One request every {service.interval_seconds:g} s{most}; an answer may take {service.timeout_seconds:g} s to begin."


def _key(key: Key) -> str:
    where = f"as the header `{key.header}`" if key.header else f"as the parameter `{key.parameter}`"
    return f"{'Takes no request without a key' if key.needed else 'Takes a key'}, {where}."


def _table(table: type[Table]) -> Iterator[str]:
    yield from ("", f"### {base.table_name(table)}", "", base.description(table), "")
    if keys := base.key(table):
        yield from (f"Key: {', '.join(keys)}.", "")
    yield from ("| column | type | unit | meaning |", "|---|---|---|---|")
    for column in base.columns(table):
        yield f"| {column.name} | {column.type} | {_cell(column.unit or '')} | {_cell(column.description)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
