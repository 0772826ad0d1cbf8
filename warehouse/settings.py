"""Settings: what a user can set, and where the values are read from.

The environment is read once, where the program begins (``from_environment``). The object made there is passed to every
step, also as the parameter of a flow, and no step reads the environment for it again. Keys of services are not in it, because
parameters of flows are shown: tasks.fetch reads them where it needs them.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from warehouse.errors import SettingError


class PullLimits(BaseModel):
    """How long a pull waits for a publisher's service, and how much it accepts from it (``ENTREPOT_PULL_…``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int = Field(default=5, ge=1, description="Attempts of one request at most")
    first_wait: float = Field(default=2, ge=0, description="Seconds before the second attempt; doubled for each next")
    longest_wait: float = Field(
        default=120, ge=0, description="Longest wait in seconds, also if the service asks for one"
    )
    give_up_after: float = Field(default=900, ge=0, description="Seconds after which a request is not attempted again")
    connect_seconds: float = Field(default=20, gt=0, description="Longest time to open a connection, seconds")
    answer_seconds: float = Field(default=4 * 3600, gt=0, description="Longest time to receive one answer, seconds")
    least_speed: float = Field(default=500, ge=0, description="Slowest answer that is received, bytes a second")
    most_bytes: int = Field(default=16 * 1024**3, gt=0, description="Largest answer that is received, bytes")


class AlertLimits(BaseModel):
    """From where on something is told as wrong (``ENTREPOT_ALERT_…``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    free_gb: float = Field(default=2, ge=0, description="Free disk space in gigabytes below which it is told")
    quarantine_share: float = Field(
        default=0.01, ge=0, le=1, description="Share of a source's rows in quarantine above which it is told"
    )
    revised_share: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="Share of a source's known cells with another value above which it is told",
    )
    least_rows: int = Field(default=20, ge=1, description="Fewer rows than this have no share that is told")
    repeat_days: float = Field(default=7, gt=0, description="Days after which what lasts is told again")


class Settings(BaseModel):
    """Where the warehouse is, how much of the machine it may use, and the limits of builds and pulls.

    Making one reads nothing but its arguments: ``Settings(home=Path("data"), keep_releases=1)``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default=Path("data"), description="The home folder")
    memory_limit: str = Field(default="1500MB", description="DuckDB's memory limit")
    threads: int | None = Field(default=None, ge=1, description="DuckDB's threads; all cores if not set")
    wait_seconds: float = Field(default=3600, ge=0, description="How long to queue for the one writer")
    max_bad_share: float = Field(default=0.05, ge=0, le=1, description="Share of bad rows that stops a load")
    max_gone_share: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="Share of figures that an edition of all there is leaves out that stops its load",
    )
    keep_releases: int = Field(default=5, ge=1, description="How many published releases stay")
    report: bool = Field(default=True, description="Whether a build writes the report site")
    pull: PullLimits = Field(default=PullLimits(), description="Limits of pulls: waits, attempts, sizes")
    alert: AlertLimits = Field(default=AlertLimits(), description="From where on something is told as wrong")

    @field_validator("home", mode="before")
    @classmethod
    def _is_named(cls, home: Any) -> Any:
        """An empty text would be the folder in which a program happens to run."""
        if home == "":
            raise ValueError("the home folder is not named")
        return home

    @property
    def home_folder(self) -> "Home":
        """The folders and files under the home folder."""
        return Home(self.home)


class _Environment(BaseSettings, Settings):
    """The settings that the environment or ``.env`` gives; names start with ``ENTREPOT_``."""

    model_config = SettingsConfigDict(env_prefix="ENTREPOT_", env_file=".env", extra="ignore")


class _PullEnvironment(BaseSettings, PullLimits):
    model_config = SettingsConfigDict(env_prefix="ENTREPOT_PULL_", env_file=".env", extra="ignore")


class _AlertEnvironment(BaseSettings, AlertLimits):
    model_config = SettingsConfigDict(env_prefix="ENTREPOT_ALERT_", env_file=".env", extra="ignore")


def from_environment(home: Path | None = None) -> Settings:
    """The settings of this process, from the environment and ``.env``; ``home`` takes precedence over ``ENTREPOT_HOME``.

    Raises SettingError for a value that cannot be used.
    """
    try:
        given: dict[str, Any] = {
            "pull": PullLimits(**_PullEnvironment().model_dump()),
            "alert": AlertLimits(**_AlertEnvironment().model_dump()),
        }
        if home:
            given["home"] = home
        read = _Environment(**given)
    except ValidationError as fault:
        raise SettingError(_describe(fault)) from None
    except SettingsError as fault:  # pydantic names the setting, and is given a text where it takes several
        raise SettingError(f"{fault}: set its parts, such as ENTREPOT_PULL_ATTEMPTS") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError(f"{Path('.env').absolute()} cannot be read: {fault}. Save it as UTF-8 text") from None
    return Settings(**{name: getattr(read, name) for name in Settings.model_fields})


def names() -> list[str]:
    """The names that :func:`from_environment` reads."""
    limits: dict[str, type[BaseModel]] = {"pull": PullLimits, "alert": AlertLimits}
    found = [f"ENTREPOT_{name.upper()}" for name in Settings.model_fields if name not in limits]
    return found + [
        f"ENTREPOT_{prefix.upper()}_{name.upper()}" for prefix, of in limits.items() for name in of.model_fields
    ]


def _describe(fault: ValidationError) -> str:
    prefixes = {_PullEnvironment.__name__: "ENTREPOT_PULL_", _AlertEnvironment.__name__: "ENTREPOT_ALERT_"}
    prefix = prefixes.get(fault.title, "ENTREPOT_")
    return "; ".join(
        f"the setting {prefix}{'_'.join(map(str, error['loc'])).upper()} cannot be used: {error['msg']}; "
        f"it is {error['input']!r}"
        for error in fault.errors()
    )


class Home:
    """The folders and files under the home folder."""

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
        self.vocabulary = self.root / "vocabulary"
        self.fault_log = self.root / "faults.log"
        self.published = self.root / "published"
        self.published_file = self.published / "entrepot.duckdb"
        self.releases = self.published / "releases"
        self.parquet = self.published / "parquet"
        self.site = self.root / "site"
        self.reports = self.root / "reports"
        self.claims = self.root / "claims"
        self.checks = self.root / "checks"
        self.runs = self.root / "runs"
