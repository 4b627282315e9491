"""Nothing in the files of the project belongs to one machine, and the lock files hold versions with hashes only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {"__pycache__", "demo-out", "verslagen", "dist", "build", "node_modules"}
HIDDEN_OURS = {".ci", ".gitignore"}
MACHINE_PATH = re.compile(r"(?<![\w.~…-])(?:/(?:work|root|tmp|home/\w+|Users/\w+)/|[A-Z]:\\Users\\)\w")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def text_files(folder: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Relative path and text of every file that belongs to the project, whether or not there is git."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in HIDDEN_OURS
        if hidden or path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from text_files(path)
        elif not path.is_symlink():
            try:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a model, a document or a picture


def test_no_path_of_one_machine():
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in text_files()
        if not name.startswith("tests/")
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("path", ["see /work/main", "'/root/x'", "(/tmp/out)", "/home/piet/dekkend", r"C:\Users\piet"])
def test_path_of_one_machine_is_noticed(path: str):
    assert MACHINE_PATH.search(path)


PINNED = r"([a-z0-9._-]+)(?:\[[a-z0-9,._ -]+\])?==(\S+)"


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_host_and_no_folder(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert (
        re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|--trusted-host|^-[ef]\b", text, re.MULTILINE)
        == []
    )


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_everything_with_hashes(name: str):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert len(lines) > 100
    assert [line[:60] for line in lines if not re.match(PINNED + r" .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_locks_agree():
    runtime, dev = (dict(re.findall("^" + PINNED, (ROOT / n).read_text(encoding="utf-8"), re.MULTILINE)) for n in LOCKS)

    assert {name: version for name, version in runtime.items() if dev.get(name) != version} == {}


def test_lock_has_what_the_project_asks_for():
    """A dependency that was added to pyproject.toml must be locked too: `make lock`."""
    import tomllib  # noqa: PLC0415

    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [*asked["project"]["dependencies"], *(n for n in asked["dependency-groups"]["dev"] if isinstance(n, str))]
    locked = dict(re.findall("^" + PINNED, (ROOT / LOCKS[1]).read_text(encoding="utf-8"), re.MULTILINE))

    assert {re.split(r"[<>=~! \[;]", name)[0].lower() for name in names} - locked.keys() == set()
