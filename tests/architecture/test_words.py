"""Every term of the contract has its Dutch words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from extractors.document import ReadCode
from pipeline.result import Reason, Verdict

MESSAGES = yaml.safe_load((files("pipeline.check") / "messages.yaml").read_text(encoding="utf-8"))
LABELS = yaml.safe_load((files("templates") / "report" / "labels.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", ReadCode)
def test_file_that_can_not_be_read_has_a_message_with_advice(code: ReadCode):
    message = MESSAGES["errors"][code.value]

    assert message.count(".") >= 2, "says what is the matter and what to do"


@pytest.mark.parametrize("reason", Reason)
def test_reason_has_a_message_and_a_word(reason: Reason):
    assert MESSAGES["findings"][reason.value]
    assert LABELS["reasons"][reason.value]


@pytest.mark.parametrize("verdict", Verdict)
def test_verdict_has_a_word(verdict: Verdict):
    assert LABELS["verdicts"][verdict.value]["word"]


def test_missing_never_reads_not_present():
    assert LABELS["verdicts"]["missing"]["word"] == "niet gevonden"


@pytest.mark.parametrize(("part", "known"), [("errors", {*ReadCode, "no-norm"})])
def test_no_message_without_a_code(part: str, known: set[str]):
    # behind a slash: what was found, with a text of its own
    assert {name.partition("/")[0] for name in MESSAGES[part]} - {str(code) for code in known} == set()


def test_every_variant_of_a_message_is_one_that_the_readers_give():
    readers = "".join(
        path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "extractors").glob("*.py")
    )
    for name in MESSAGES["errors"]:
        assert "/" not in name or f'"{name.partition("/")[2]}"' in readers, name
