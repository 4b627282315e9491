"""Every command in the documentation exists, with its options, files and ids; and every command is documented."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import build_parser
from pipeline.norm.load import available_norms, load_norm

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/decisions.md",
    "docs/operations.md",
    "docs/portal.md",
    "docs/write-a-norm.md",
    "pipeline/model/README.md",
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
(_PHONY,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
TARGETS = frozenset(_PHONY.split())


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def block_lines() -> Iterator[tuple[str, str]]:
    for name in DOCUMENTS:
        for block in re.findall(r"^```sh\n(.*?)^```", read(name), re.MULTILINE | re.DOTALL):
            yield from ((name, line) for line in block.splitlines() if line.strip())


LINES = tuple(block_lines())


def lines_of(program: str) -> list[object]:
    found = [(name, line) for name, line in LINES if line.split()[0] == program]
    return [pytest.param(line, id=f"{name}: {line}") for name, line in found]


def arguments(line: str) -> list[str]:
    words = shlex.split(line)[1:]
    end = next((i for i, word in enumerate(words) if word in ("|", ">", "&&", ";")), len(words))
    return words[:end]


def commands(parser: argparse.ArgumentParser) -> set[str]:
    return {name for a in parser._actions if isinstance(a, argparse._SubParsersAction) for name in a.choices}


@pytest.mark.parametrize("line", lines_of("dekkend"))
def test_command_is_understood(line: str):
    """argparse ends the program over an unknown command, option or choice."""
    build_parser().parse_args(arguments(line))


@pytest.mark.parametrize("line", lines_of("dekkend"))
def test_file_that_a_command_names_is_there(line: str):
    named = [word for word in arguments(line) if word.startswith(("sample_docs", "tests/"))]

    assert [word for word in named if not (ROOT / word).exists()] == []


@pytest.mark.parametrize("line", lines_of("dekkend"))
def test_norm_and_requirement_that_a_command_names_are_there(line: str):
    options = vars(build_parser().parse_args(arguments(line)))
    norms = [options["norm"]] if isinstance(options.get("norm"), str) else []
    own = [norm for norm in norms if norm.endswith(".yaml")]

    assert [norm for norm in norms if norm not in own and norm not in available_norms()] == []
    if "requirement" in options and not own:
        requirement = options["requirement"]
        load_norm(requirement.split(".")[0]).norm.requirement(requirement)


@pytest.mark.parametrize("line", lines_of("make"))
def test_make_target_exists(line: str):
    assert set(arguments(line)) <= TARGETS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_command_in_running_text_exists(name: str):
    found = re.findall(r"`(dekkend|make) ([a-z]+)[^`]*`", read(name))
    known = {"dekkend": commands(build_parser()), "make": TARGETS}

    assert [f"{program} {word}" for program, word in found if word not in known[program]] == []


@pytest.mark.parametrize("command", sorted(commands(build_parser())))
def test_every_command_stands_in_the_readme(command: str):
    assert re.search(rf"^dekkend {command}\b", read("README.md"), re.MULTILINE)


@pytest.mark.parametrize("target", sorted(TARGETS - {"help"}))
def test_every_make_target_stands_in_the_readme(target: str):
    assert re.search(rf"^make {target}$", read("README.md"), re.MULTILINE)


def test_readme_shows_make_uv_and_pip():
    starts = {line.split()[0] for name, line in LINES if name == "README.md"}

    assert {"make", "uv", ".venv/bin/python"} <= starts


@pytest.mark.parametrize(
    "line", [line for _, line in LINES if line.split()[0] in ("uv", "python3", ".venv/bin/python")]
)
def test_file_that_an_installation_line_names_is_there(line: str):
    assert [word for word in line.split() if word.endswith((".lock", ".txt")) and not (ROOT / word).is_file()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str):
    targets = re.findall(r"\]\(([^)#:]+)\)", read(name))

    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []


def test_make_alone_prints_help_on_every_target():
    make = shutil.which("make")
    assert make, "make belongs to what the project needs"
    shown = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout

    assert set(re.findall(r"^make ([a-z-]+) ", shown, re.MULTILINE)) == TARGETS - {"help"}


def test_exit_statuses_in_the_readme_are_those_of_the_program():
    from pipeline.errors import ExitStatus  # noqa: PLC0415

    shown = re.findall(r"^\| (\d+) \|", read("README.md"), re.MULTILINE)

    assert [int(number) for number in shown] == [int(status) for status in ExitStatus]


def test_architecture_has_a_line_for_every_package():
    folders = [
        path.parent
        for top in ("extractors", "flows", "pipeline", "templates")
        for path in ROOT.glob(f"{top}/**/__init__.py")
    ]
    names = {path.relative_to(ROOT).as_posix() for path in folders} - {"pipeline", "pipeline/check/kinds"}

    assert [name for name in sorted(names) if f"`{name}/`" not in read("docs/architecture.md")] == []
