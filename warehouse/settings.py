"""Settings, from the environment or a ``.env`` file; all names start with ``ENTREPOT_``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things lie and how much of the machine may be used."""

    model_config = SettingsConfigDict(env_prefix="ENTREPOT_", env_file=".env", extra="ignore")

    home: Path = Field(default=Path("data"), description="The home folder")
    memory_limit: str = Field(default="1500MB", description="DuckDB's memory limit")
    threads: int | None = Field(default=None, ge=1, description="DuckDB's threads; all cores if not set")
    wait_seconds: float = Field(default=3600, ge=0, description="How long to queue for the one writer")
    max_bad_share: float = Field(default=0.05, ge=0, le=1, description="Share of bad rows that stops a load")
    keep_releases: int = Field(default=5, ge=1, description="How many published releases stay")


class Home:
    """The folders and files under the home folder (design: names fixed there)."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.archive = self.root / "archive"
        self.incoming = self.archive / "incoming"
        self.pull = self.root / "pull"
        self.pull_state = self.root / "pull.sqlite"
        self.warehouse = self.root / "warehouse.duckdb"
        self.scratch = self.root / "scratch"
        self.fingerprints = self.root / "fingerprints.json"
        self.lock = self.root / "writer.lock"
        self.published = self.root / "published"
        self.published_file = self.published / "entrepot.duckdb"
        self.releases = self.published / "releases"
        self.parquet = self.published / "parquet"
