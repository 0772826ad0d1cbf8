"""Files of corrections: figures known to be wrong, one YAML file each, named by the correction.

A file says which figures (``source``, ``dataset``, ``fact``, ``period``, ``concerns``), why (``reason``), and what must hold of them as long as they are wrong
(``expectation``). Those of the project are in ``warehouse/reference/corrections``, a user's in ``vocabulary/corrections`` of the home folder.
"""

from collections.abc import Container, Iterable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from warehouse.errors import BadData

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CorrectionFile(BaseModel):
    """One correction. ``concerns`` is an SQL condition over conformed rows, ``expectation`` one over aggregates of those that it concerns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Words
    dataset: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]+$")]
    fact: Literal["trade", "fdi", "fdi_rate", "indicator", "presence"]
    period: Words
    concerns: Words
    expectation: Words
    reason: Words


def rows(paths: Iterable[Path], source_ids: Container[str]) -> list[dict[str, str]]:
    """The rows of ref.correction that files state. ``source_ids`` are those of the sources that there are.

    Raises BadData for a file that is no correction, with every field that is wrong, and for one of an unknown source.
    """
    read = [(path, _read(path)) for path in paths]
    for path, correction in read:
        if correction.source not in source_ids:
            raise BadData(
                f"{path} corrects no figure: there is no source {correction.source!r} (`entrepot sources` lists them)"
            )
    return [{"correction": path.stem, **correction.model_dump()} for path, correction in read]


def _read(path: Path) -> CorrectionFile:
    try:
        return CorrectionFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as fault:
        wrong = "; ".join(
            f"{'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}" for error in fault.errors()
        )
        raise BadData(
            f"{path} is no correction: {wrong}. It has the fields {', '.join(CorrectionFile.model_fields)}"
        ) from fault
    except (
        OSError,
        ValueError,
        RecursionError,
        yaml.YAMLError,
    ) as fault:  # YAML takes 2020-99-99 for a date that there is not
        raise BadData(f"{path} cannot be read: {' '.join(str(fault).split())}") from fault
