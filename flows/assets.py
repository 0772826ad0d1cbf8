"""Sources and marts as assets of Prefect, whose events show what was loaded and published, and from what.

The events are those of Prefect's own materializations (https://docs.prefect.io/v3/concepts/assets). They are emitted after the work and not by a
task that always materializes the same, since a build loads only what is new.
"""

from collections.abc import Iterable, Mapping

from prefect.assets import Asset, AssetProperties
from prefect.context import AssetContext
from prefect.states import Completed

from schemas import base, lineage, mart
from schemas.base import table_name
from schemas.lineage.kinds import CellLineage, RowLineage
from tasks import sources
from tasks.contract import facts


def source(source_id: str) -> Asset:
    """A source, with its publisher as owner. Of one that this version no longer has only the id is known."""
    of = sources.all_sources().get(source_id)
    if of is None:
        return Asset(key=f"entrepot://sources/{source_id}")
    shown = AssetProperties(name=of.title, description=of.covers or None, url=of.documentation, owners=[of.publisher])
    return Asset(key=f"entrepot://sources/{source_id}", properties=shown)


def of_mart(name: str) -> Asset:
    """A mart, by its name without the schema."""
    (table,) = (table for table in mart.VIEWS if table_name(table) == f"mart.{name}")
    return Asset(
        key=f"entrepot://marts/{name}", properties=AssetProperties(name=name, description=base.description(table))
    )


def loaded(source_id: str, counts: Mapping[str, int]) -> None:
    """Say that files of a source were loaded, with counts of files and rows."""
    _materialized(source(source_id), (), counts)


def published(release: str, sources_of: Mapping[str, Iterable[str]]) -> None:
    """Say that the marts of a release are made: figures from sources, facts from figures. ``sources_of`` gives the sources of each stored table."""
    named = {"release": release}
    for fact in facts.ALL:
        of_table = sources_of.get(table_name(fact.stored), ())
        figures = table_name(mart.FIGURES_OF[fact.name]).removeprefix("mart.")
        _materialized(of_mart(figures), [source(source_id) for source_id in of_table], named)
    made: tuple[CellLineage | RowLineage, ...] = (*lineage.CELLS, *lineage.ROWS)
    for one in made:
        _materialized(of_mart(one.mart), [of_mart(one.figures.rpartition(".")[2])], named)


def _materialized(asset: Asset, upstream: Iterable[Asset], metadata: Mapping[str, object]) -> None:
    context = AssetContext(
        downstream_assets={asset},
        direct_asset_dependencies=set(upstream),
        materialized_by="entrepot",
        materialization_metadata={asset.key: dict(metadata)},
    )
    context.emit_events(Completed())
