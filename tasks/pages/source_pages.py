"""The pages of docs/sources: an index and a page for each source, from what the sources declare."""

import sys
from collections.abc import Iterator
from pathlib import Path

from schemas import base
from schemas.base import Table
from tasks import sources
from tasks.contract.service import Key, Service
from tasks.contract.source import Form, Source
from tasks.fetch.endpoint import setting_name

_GENERATED = "Written by `make docs` from what the sources declare (`tasks/sources`)."
_REDISTRIBUTION = {
    "yes": "allowed",
    "attribution": "allowed with the source named",
    "ask": "only with the publisher's permission",
}


def pages() -> dict[str, str]:
    """The text of every page in docs/sources, by file name."""
    texts = {f"{source.id}.md": _text(_page(source)) for source in sources.all_sources().values()}
    return {"README.md": _text(_index()), **texts}


def write(folder: Path) -> None:
    """Write all pages to a folder, and remove pages of sources that no longer exist."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = pages()
    for path in folder.glob("*.md"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index() -> Iterator[str]:
    yield from ("# Sources", "", _GENERATED, "")
    yield from ("| source | what | publisher | how its files arrive |", "|---|---|---|---|")
    for source in sources.all_sources().values():
        yield f"| [{source.id}]({source.id}.md) | {cell(source.title)} | {cell(source.publisher)} | {describe_arrival(source)} |"


def describe_arrival(source: Source) -> str:
    """How a source's files arrive, in a few words: bundled, adopted, pulled."""
    if any(True for _ in source.bundled()):
        return "bundled"
    service = source.service
    if service is None:
        return "adopted"
    if service.key and service.key.needed:
        return "pulled with a key, adopted"
    if service.is_large:
        return "pulled when named, adopted"
    return "pulled (more with a key), adopted" if service.key else "pulled, adopted"


def _page(source: Source) -> Iterator[str]:
    yield from (f"# {source.id}", "", f"{source.title}. {source.publisher}.", "", _GENERATED, "")
    yield from _facts(source)
    yield from ("", "## Traps", "")
    yield from (f"- {trap}" for trap in source.traps)
    yield from ("", "## Files", "")
    yield from _forms(source)
    yield from ("", "## Service", "")
    yield from _service(source, source.service) if source.service else ("None: its files are adopted, or bundled.",)
    yield from ("", "## Tables", "")
    yield "What its files are read into and checked against before their rows become figures of the warehouse."
    for table in source.tables:
        yield from _table(table)


def _facts(source: Source) -> Iterator[str]:
    yield from ("| | |", "|---|---|")
    yield f"| covers | {cell(source.covers)} |"
    yield f"| units | {cell(source.units)} |"
    yield f"| licence | {cell(source.licence)} |"
    yield f"| redistribution | {_REDISTRIBUTION[source.redistribution]} |"
    if source.documentation:
        yield f"| publisher's documentation | <{source.documentation}> |"


def _forms(source: Source) -> Iterator[str]:
    yield from ("Names such as `plus-csv` are those of the layouts that `entrepot try` shows.", "")
    yield from ("| form | taken | tried with, or why not |", "|---|---|---|")
    for form in source.forms:
        yield f"| {cell(form.form)} | yes | {_tried_with(form)} |"
    for refused in source.refused:
        remedy = f" {refused.remedy}." if refused.remedy else ""
        yield f"| {cell(refused.form)} | no | {cell(refused.reason)}.{cell(remedy)} |"


def _tried_with(form: Form) -> str:
    if not form.layouts:
        return "the project's own files"
    if set(form.made) == set(form.layouts):
        return "files made by its description only"
    only = f"; as {', '.join(form.made)} only files made by its description" if form.made else ""
    return f"files of the publisher, or copies of them{only}"


def _service(source: Source, service: Service) -> Iterator[str]:
    yield f"- Address: <{service.url}>; `{setting_name(source.id, 'URL')}` replaces it."
    yield f"- {_rate_limit(service)}"
    if service.key:
        yield f"- {_key(service.key)} It is set as `{setting_name(source.id, 'KEY')}`. {source.key_help or ''}".rstrip()
    else:
        yield "- No key."
    if service.is_large:
        yield f"- Its answers are large: it is pulled only when named, `entrepot pull {source.id}`."


def _rate_limit(service: Service) -> str:
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
        yield f"| {column.name} | {column.type} | {cell(column.unit or '')} | {cell(column.description)} |"


def cell(text: str) -> str:
    """A text as it is written in a cell of a table in Markdown."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
