"""Reads lock files as `uv pip compile` writes them, and puts newer releases on offer beside them."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

#: A version above any that a lock can name.
DECOY_VERSION = "99999"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+))?")


def canonical(name: str) -> str:
    """The one spelling of a package's name (PEP 503): `Ruamel.yaml_clib` is `ruamel-yaml-clib`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(lock: str) -> list[str]:
    """The requirements that a lock's text pins, with markers and without hashes: `numpy==2.4.6 ; python_version < "3.12"`."""
    found = (_PIN.match(line) for line in lock.splitlines())
    return [
        f"{pin[1]}=={pin[2]}" + (f" ; {pin[3].strip()}" if pin[3] else "")
        for pin in found if pin
    ]  # fmt: skip


def pins(lines: Iterable[str]) -> set[tuple[str, str]]:
    """Name and version of each line of the form `name==version`, markers left aside; other lines are taken whole."""
    found = (line.split(";")[0].strip().partition("==") for line in lines if line.strip())
    return {(canonical(name), version) for name, _, version in found}


def with_decoys(lock: Path, folder: Path) -> Path:
    """A copy of the lock in the folder that has a newer, empty release of each of its packages on offer.

    An installation that is exactly the lock takes no notice. One that resolves anything beyond the lock fails today,
    and not on the day that one of the packages is published again.
    """
    text = lock.read_text("utf-8")
    offered = folder / f"{lock.stem}-decoys"
    offered.mkdir(parents=True)
    for name, _ in pins(requirements(text)):
        _write_empty_wheel(offered, name)
    copy = folder / lock.name
    copy.write_text(f"--find-links {offered}\n{text}", "utf-8")
    return copy


def _write_empty_wheel(folder: Path, name: str) -> None:
    stem = f"{name.replace('-', '_')}-{DECOY_VERSION}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        info = f"{stem}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {DECOY_VERSION}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: decoy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
