"""A check needs no network and no orchestrator, and asking for help loads next to nothing.

Watched is what reaches for another machine. Making a socket is not: urllib3, which spaCy imports, binds one to the
loopback address to see whether there is IPv6.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_docs"

WATCHED = """
import sys

opened = []
EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
sys.addaudithook(lambda event, _: opened.append(event) if event in EVENTS else None)
"""

LOADED = """
heavy = {"prefect", "fastapi", "spacy", "onnxruntime", "tokenizers", "numpy", "docx", "lxml", "pdfplumber", "pypdfium2"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("sop-po-zevensteek/sop-po-zevensteek.docx", id="docx"),
        pytest.param("sop-po-sporenlinde/sop-po-sporenlinde.pdf", id="pdf"),
    ],
)
def test_check_reaches_for_no_network_and_loads_no_orchestrator(file: str):
    end = "print(opened, 'prefect' in sys.modules, file=sys.stderr)\nsys.exit(status)"
    code = f"{WATCHED}\nfrom pipeline.cli import main\nstatus = main(sys.argv[1:])\n{end}"
    result = python(code, "check", str(SAMPLES / file), "--format", "json")

    assert result.returncode == 1, result.stderr
    assert result.stderr.splitlines()[-1] == "[] False"


def test_reaching_for_the_network_is_noticed():
    result = python(f"{WATCHED}\nimport socket\nsocket.socket().connect_ex(('127.0.0.1', 9))\nprint(opened)")

    assert result.stdout.strip() == "['socket.connect']"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import pipeline.cli", id="import"),
        pytest.param("from pipeline.cli import build_parser; build_parser().format_help()", id="help"),
    ],
)
def test_command_line_starts_light(code: str):
    result = python(f"import sys\n{code}\n{LOADED}")

    assert result.stderr.strip() == "[]"


def test_spacy_comes_without_its_commands_and_these_can_still_be_had():
    code = (
        "import pipeline.check.spacy_parts, sys\n"
        "print(sorted({'typer', 'weasel', 'requests', 'spacy.cli'} & set(sys.modules)))\n"
        "from spacy.cli.info import info\nimport spacy.cli\n"
        "print(callable(info), spacy.cli.info is not None)\n"
    )
    result = python(code)

    assert result.stdout.split("\n")[:2] == ["[]", "True True"], result.stderr
