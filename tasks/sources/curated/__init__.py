"""``curated``: the project's own selection of real figures, bundled with it in ``warehouse/curated``.

A folder has the name of its table; the columns are in schemas.curated. A figure that was copied wrongly is corrected in
the file: the old state of the file is then *retracted*, not superseded, because the publisher never stated it. A
publisher's own revisions are further rows, with their own date of publication.
"""

from collections.abc import Iterator
from pathlib import Path

from schemas import curated as schemas
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.source import BundledFile, Form, Source, sql_beside
from tasks.formats import csv_text
from warehouse.errors import Unknown

FOLDER = Path(__file__).parents[3] / "warehouse" / "curated"


def _dataset(fact: Fact, staged: type) -> Dataset:
    # A single bad row in a file of three must not stop the file: the reader sees it in the quarantine.
    return Dataset(staged, (Conform(fact, sql_beside(__name__, f"{fact.name}.sql")),), max_bad_share=0.5)


class Curated(Source):
    """The bundled figures."""

    id = "curated"
    title = "Bundled figures: the project's own selection, each with its citation"
    publisher = "the publishers named in each row"
    licence = "figures are facts; each row names its publisher and the address it was read at"
    redistribution = "attribution"
    covers = (
        "China and Japan: direct investment by origin and province, trade, production and population, Japanese companies "
        "and residents, high-level visits, opened railways and zones; panels of China's provinces copied from yearbooks and National Data; direct "
        "investment by partner, 2001 to 2012, of China, and of Japan, Korea, the United States and the members of the European Union."
    )
    units = "As printed in each row, multiplied out exactly by ref.unit."
    traps = (
        "A selection, not complete series: figures that a document does not print are not here.",
        "Several figures of one year may stand side by side; `is_preferred` marks one of them.",
        "Each row has its own publisher, address and date of publication; `seen_via` names the copy it was read from.",
    )
    forms = (Form("Comes with the project (warehouse/curated, a folder a table); its files are not adopted.", ()),)
    tables = (
        schemas.CuratedTrade, schemas.CuratedFdi, schemas.CuratedFdiRate, schemas.CuratedIndicator, schemas.CuratedPair,
        schemas.CuratedPresence, schemas.CuratedVisits, schemas.CuratedMilestones,
    )  # fmt: skip

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.datasets = {
            "trade": _dataset(facts.TRADE, schemas.CuratedTrade),
            "fdi": _dataset(facts.FDI, schemas.CuratedFdi),
            "fdi_rate": _dataset(facts.FDI_RATE, schemas.CuratedFdiRate),
            "indicator": _dataset(facts.INDICATOR, schemas.CuratedIndicator),
            "pair": _dataset(facts.PAIR, schemas.CuratedPair),
            "presence": _dataset(facts.PRESENCE, schemas.CuratedPresence),
            "visits": _dataset(facts.VISITS, schemas.CuratedVisits),
            "milestones": _dataset(facts.MILESTONES, schemas.CuratedMilestones),
        }

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table named by the artifact's folder. Raises Unknown for a folder that is not a table's."""
        folder = artifact.filename.split("/")[0]
        try:
            return self.datasets[folder]
        except KeyError:
            raise Unknown(
                f"no bundled table {folder!r}: curated, {artifact.filename}. Tables: {', '.join(self.datasets)}"
            ) from None

    def text(self, opened: Opened) -> str:
        """Records of a CSV file in UTF-8. A record with too few or too many fields stops the file.

        DuckDB is left nothing to guess: it would take lines that start with # for comments and leave them out.
        """
        return csv_text.relation(opened.path)

    def bundled(self) -> Iterator[BundledFile]:
        """All CSV files of the folder, in order of their names."""
        for path in sorted(self.folder.glob("*/*.csv")):
            yield BundledFile(path, path.relative_to(self.folder).as_posix())


SOURCE = Curated()
