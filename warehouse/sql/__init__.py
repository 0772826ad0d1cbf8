"""SQL in ``.sql`` files; those that depend on values, such as a schema's columns, are Jinja templates."""

from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import jinja2


@cache
def read(name: str) -> str:
    """The text of ``warehouse/sql/<name>``. Raises FileNotFoundError."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


_ENVIRONMENT = jinja2.Environment(  # SQL, not HTML: nothing to escape
    loader=jinja2.FunctionLoader(read),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,
)


def render(template: str, /, **values: Any) -> str:
    """The SQL of a template ``warehouse/sql/<template>`` with its values. Raises jinja2.UndefinedError for a missing value.

    Example: ``render("shared/mirror.sql", schema="core", table="trade")``
    """
    return _ENVIRONMENT.get_template(template).render(**values)


def render_text(text: str, /, **values: Any) -> str:
    """The SQL of a template given as text, with its values filled in. Raises jinja2.UndefinedError for a value left out."""
    return _compiled(text).render(**values)


@cache
def _compiled(text: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(text)


def names(folder: str) -> list[str]:
    """Names (``folder/file.sql``) of the SQL files of a folder, sorted."""
    files = (resources.files(__package__) / folder).iterdir()
    return sorted(f"{folder}/{f.name}" for f in files if f.name.endswith(".sql"))


def quoted(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: str | date | None) -> str:
    """A text, or a date in ISO 8601, as an SQL string literal; None as NULL."""
    return "NULL" if value is None else quoted(str(value))


_ENVIRONMENT.filters["sql"] = literal
