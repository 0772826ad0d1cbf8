"""The published release served read-only to other DuckDB instances, by DuckDB's own protocol Quack (HTTP, a token).

DuckDB's extension ``quack`` serves the instance in which it is loaded: whoever has the token may send any statement. So what is served
is a connection that can read one file and nothing else, and each statement is judged before it runs.
"""

import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import duckdb
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse import connection, sql
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

#: What Quack needs to be loaded, in this order; httpfs has the cryptography for its tokens.
_EXTENSIONS = ("httpfs", "quack")
#: Statements that are run: those that read, and the transactions around them.
_READ_ONLY = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.TRANSACTION)
#: Functions that would stop the server, serve or ask another, or run a statement that is put together from texts.
_NOT_FOR_GUESTS = re.compile(r'\bquack_|\bquery(_table)?"?(\s|/\*.*?\*/|--[^\n]*\n)*\(', re.IGNORECASE | re.DOTALL)
#: How often it is looked whether another release is published, seconds.
_LOOK_EVERY = 2.0
_OWN_ADDRESSES = ("127.0.0.1", "localhost", "::1")


class ShareFault(EntrepotError):
    """The release cannot be served."""


class _Given(BaseSettings):
    """The token, from the environment or ``.env``: ``ENTREPOT_SHARE_TOKEN``."""

    model_config = SettingsConfigDict(env_prefix="ENTREPOT_SHARE_", env_file=".env", extra="ignore")

    token: SecretStr | None = Field(default=None)


def share(settings: Settings, host: str, port: int, say: Callable[[str], None], ended: Event) -> None:
    """Serve the release until ``ended`` is set, and the next one once it is published. Raises ShareFault, NotPublished, HomeError."""
    token, is_new = _token()
    file = settings.home_folder.published_file
    has_begun = False
    while not ended.is_set():
        with _served(settings, host, port, token):
            serving = file.stat().st_ino
            say(
                "a newer release is served; clients attach it again"
                if has_begun
                else _how_to_read(host, port, token, is_new)
            )
            has_begun = True
            while not ended.wait(_LOOK_EVERY) and _is_still(file, serving):
                pass


def _is_still(file: Path, inode: int) -> bool:
    try:
        return file.stat().st_ino == inode
    except FileNotFoundError:  # between two releases
        return True


def _token() -> tuple[str, bool]:
    """The token that clients send, and whether it was made now. Raises ShareFault for one that could be guessed."""
    given = _Given().token
    if given is None:
        return secrets.token_urlsafe(24), True
    if len(given.get_secret_value()) < 16:
        raise ShareFault("ENTREPOT_SHARE_TOKEN has fewer than 16 characters; leave it out, and one is made")
    return given.get_secret_value(), False


def _how_to_read(host: str, port: int, token: str, is_new: bool) -> str:
    shown = token if is_new else "…"
    lines = [
        f"the release is served at quack:{_in_uri(host)}:{port}, until Ctrl-C. In DuckDB:",
        f"  ATTACH 'quack:{_in_uri(host)}:{port}' AS entrepot (TOKEN '{shown}');",
        "  FROM entrepot.trade WHERE reporter = 'CHN' AND year = 2019;",
    ]
    if host not in _OWN_ADDRESSES:
        lines.append(
            "what is sent is not encrypted: put a server with TLS in front of it for other networks than your own"
        )
    return "\n".join(lines)


def _in_uri(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _served(settings: Settings, host: str, port: int, token: str) -> Iterator[None]:
    """The release that is published now, served while the block runs."""
    address = f"quack:{_in_uri(host)}:{port}"
    with connection.reader(settings.home_folder) as con, tempfile.TemporaryDirectory() as scratch:
        for extension in _EXTENSIONS:
            _load(con, extension)
        con.execute("SET GLOBAL TimeZone = 'UTC'")
        con.execute(f"SET GLOBAL memory_limit = {sql.quoted(settings.memory_limit)}")
        con.execute(f"SET GLOBAL temp_directory = {sql.quoted(str(Path(scratch) / 'spill'))}")
        con.create_function("entrepot_only_reads", only_reads, ["VARCHAR", "VARCHAR"], "BOOLEAN")
        con.execute("SET GLOBAL quack_authorization_function = 'entrepot_only_reads'")
        connection.close_to_files(con, Path(scratch))
        others = str(host not in _OWN_ADDRESSES).lower()
        try:
            con.execute(
                f"CALL quack_serve({sql.quoted(address)}, token := {sql.quoted(token)}, allow_other_hostname := {others})"
            ).fetchall()
        except duckdb.Error as fault:
            said = str(fault).splitlines()[0].replace(token, "…")
            raise ShareFault(f"{host}:{port} cannot be listened at: {said}; `--port` chooses another") from None
        try:
            yield
        finally:
            con.execute(f"CALL quack_stop({sql.quoted(address)})").fetchall()


def only_reads(session: str, statement: str) -> bool:  # noqa: ARG001  Quack names the session, too
    """Whether a guest's statement is run: it reads, and asks this server for nothing but the release."""
    if _NOT_FOR_GUESTS.search(statement):
        return False
    try:
        return all(part.type in _READ_ONLY for part in duckdb.extract_statements(statement))
    except duckdb.Error:
        return False


def _load(con: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load an extension from its package, otherwise as DuckDB has it installed. Raises ShareFault."""
    file = _packaged(extension)
    try:
        con.execute(f"LOAD {sql.quoted(str(file))}" if file else f"LOAD {extension}")
    except duckdb.Error as fault:
        raise ShareFault(
            f"`entrepot share` needs DuckDB's extension {extension} for DuckDB {duckdb.__version__}, which is not here: "
            f'pip install "duckdb-extension-{extension}=={duckdb.__version__}", or, with a network, run in DuckDB: INSTALL {extension} '
            f"({str(fault).splitlines()[0]})"
        ) from None


def _packaged(extension: str) -> Path | None:
    """The file of an extension for this DuckDB in the package ``duckdb-extension-…``, if it is installed."""
    package = find_spec(f"duckdb_extension_{extension}")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{extension}.duckdb_extension"
        if file.is_file():
            return file
    return None
