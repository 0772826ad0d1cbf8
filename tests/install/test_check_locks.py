"""The guard of the locks: what it reads, what it takes for wrong, and that the Makefile installs locks in one way only.

Nothing is installed here; `make locks-check` does that.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.install import check_locks, lock_files, pythons
from tests.install.pythons import OLDEST_PIP, Python

ROOT = check_locks.ROOT
LOCK = """\
annotated-types==0.8.0 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via pydantic
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:cccc
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dddd
Ruamel.yaml==0.18.1 \\
    --hash=sha256:eeee
"""


def test_a_lock_is_read_with_its_markers_and_without_hashes() -> None:
    assert lock_files.requirements(LOCK) == [
        "annotated-types==0.8.0",
        "numpy==2.4.6 ; python_full_version < '3.12'",
        "numpy==2.5.5 ; python_full_version >= '3.12'",
        "Ruamel.yaml==0.18.1",
    ]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_no_requirement_of_the_real_locks_is_overlooked(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lock_files.requirements(text)) == len(starts) > 100


def test_names_are_compared_in_one_spelling() -> None:
    assert lock_files.pins(["Ruamel.yaml_clib==1.0"]) == lock_files.pins(["ruamel-yaml-clib==1.0 ; os_name == 'nt'"])


def test_what_is_not_from_the_lock_is_kept_whole() -> None:
    assert lock_files.pins(["stray @ file:///somewhere", ""]) == {("stray @ file:///somewhere", "")}


def test_a_newer_release_of_every_package_is_on_offer(tmp_path: Path) -> None:
    (tmp_path / "some.lock").write_text(LOCK, "utf-8")
    copy = lock_files.with_decoys(tmp_path / "some.lock", tmp_path / "made")
    first, rest = copy.read_text("utf-8").split("\n", 1)
    offered = sorted(Path(first.removeprefix("--find-links ")).iterdir())
    assert rest == LOCK
    assert [wheel.name.split("-")[0] for wheel in offered] == ["annotated_types", "numpy", "ruamel_yaml"]
    with zipfile.ZipFile(offered[0]) as wheel:
        assert b"Name: annotated-types\nVersion: 99999\n" in wheel.read("annotated_types-99999.dist-info/METADATA")


def test_markers_are_evaluated_by_the_interpreter_that_installs() -> None:
    said = check_locks.run(
        sys.executable, "-c", check_locks._APPLICABLE, given="\n".join(lock_files.requirements(LOCK))
    )
    numpy = "2.4.6" if sys.version_info < (3, 12) else "2.5.5"
    assert lock_files.pins(said.splitlines()) == {
        ("annotated-types", "0.8.0"), ("numpy", numpy), ("ruamel-yaml", "0.18.1"),
    }  # fmt: skip


def test_what_differs_is_named() -> None:
    said = check_locks.differences({("a", "1"), ("b", "1")}, {("a", "2"), ("b", "1"), ("setuptools", "65.5.0")})
    assert said == [
        "in the lock, not installed: a 1",
        "installed, not in the lock: a 2",
        "installed, not in the lock: setuptools 65.5.0",
    ]


def test_the_other_locks_repeat_the_pins_of_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first.lock", tmp_path / "second.lock"
    first.write_text("a==1 \\\nb==2 \\\n")
    second.write_text("a==1 \\\nb==3 \\\nc==1 \\\n")
    assert check_locks.disagreements([first, second]) == ["b 2 is in first.lock and not in second.lock"]


def test_all_locks_on_the_needed_python_and_the_last_on_the_others() -> None:
    locks = [Path("a.lock"), Path("b.lock")]
    found = [Python("3.11", "3.11.7", Path("p")), Python("3.13", "3.13.0", Path("q"))]
    assert [(case.lock.name, case.python.minor, case.pip) for case in check_locks.plan(locks, found, every=False)] == [
        ("a.lock", "3.11", "22.3"),
        ("a.lock", "3.11", "newest"),
        ("b.lock", "3.11", "22.3"),
        ("b.lock", "3.11", "newest"),
        ("b.lock", "3.13", "24.2"),
    ]
    assert len(check_locks.plan(locks, found, every=True)) == 2 * 2 * 2


def test_nothing_around_reaches_the_new_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_NO_DEPS", "MAKEFLAGS"):
        monkeypatch.setenv(name, "elsewhere")
    assert not {"PYTHONPATH", "PIP_TARGET", "PIP_NO_DEPS", "MAKEFLAGS"} & set(check_locks.environment())


def test_a_failed_command_is_reported_with_its_last_line() -> None:
    with pytest.raises(check_locks.CheckError, match="no such lock"):
        check_locks.run(sys.executable, "-c", "import sys; sys.exit('no such lock')")


def test_a_python_that_does_not_run_or_makes_no_environment_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert pythons.probe(shim) is None
    assert pythons.probe(tmp_path / "none") is None
    assert pythons.probe(Path(sys.executable)) == sys.version.split()[0]


def test_the_python_that_runs_is_found() -> None:
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found = pythons.find(minor)
    assert found
    assert (found.minor, found.executable) == (minor, Path(sys.executable))
    assert pythons.find("3.99") is None


def test_without_the_needed_python_the_check_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(check_locks, "find", lambda _: None)
    (tmp_path / "a.lock").write_text(LOCK, "utf-8")
    assert check_locks.main([str(tmp_path / "a.lock")]) == 1
    said = capsys.readouterr().out
    assert "Python 3.14 is not on this machine" in said
    assert "Python 3.11 with venv and ensurepip is needed" in said


def test_one_wrong_environment_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def newest_is_wrong(case: check_locks.Case) -> str:
        if case.pip == check_locks.NEWEST:
            raise check_locks.CheckError("installed, not in the lock: stray 1")
        return "2 packages"

    monkeypatch.setattr(check_locks, "check", newest_is_wrong)
    monkeypatch.setattr(check_locks, "find", lambda minor: Python(minor, f"{minor}.0", Path("p")))
    (tmp_path / "a.lock").write_text(LOCK, "utf-8")
    assert check_locks.main([str(tmp_path / "a.lock")]) == 1
    said = capsys.readouterr().out
    assert "a.lock, Python 3.11.0, pip newest: FAILED\n    installed, not in the lock: stray 1" in said
    assert "1 wrong" in said


def test_the_makefile_installs_every_lock_by_the_line_that_is_checked(tmp_path: Path) -> None:
    def planned(*arguments: str) -> list[str]:
        command = ["make", "--dry-run", "--always-make", "--no-print-directory", f"VENV={tmp_path}", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=check_locks.environment(), capture_output=True, text=True, check=True
        )
        return [line for line in done.stdout.splitlines() if ".lock" in line and "pip" in line]

    names = ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"]
    checked = [line for name in names for line in planned("install-lock", f"LOCK={name}")]
    used = planned(f"{tmp_path}/.installed-dev", f"{tmp_path}/.installed-bench")
    assert sorted(used) == sorted(checked)
    assert all("--no-deps" in line for line in checked)


def test_the_makefile_and_the_guard_support_the_same_versions() -> None:
    assert f"\nPYTHONS = {' '.join(OLDEST_PIP)}\n" in (ROOT / "Makefile").read_text("utf-8")


def test_continuous_integration_runs_on_every_supported_version() -> None:
    versions = ", ".join(f'"{version}"' for version in OLDEST_PIP)
    assert f"python: [{versions}]\n" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def test_continuous_integration_checks_the_locks_first() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines() if "make" in line]
    assert commands == ["make locks-check", "exec make test"]
