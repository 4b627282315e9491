"""What all folders share: the shipped model, loaded once for a run, and a check of a text in the small Markdown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.markdown import read_markdown
from pipeline.check.classifier import PassageClassifier
from pipeline.check.run import Examined
from pipeline.steps import classifier, examine_document


@pytest.fixture(scope="session")
def model() -> PassageClassifier:
    """The shipped model."""
    return classifier()


@pytest.fixture(scope="session")
def check_text(model: PassageClassifier) -> Callable[..., Examined]:
    """A function from Markdown to an examined document; ``norm`` and ``sector`` as for ``examine_document``."""

    def check(text: str, **how: str) -> Examined:
        examined = examine_document(read_markdown(text), **{"norm": "anb", "sector": "po", **how})
        assert isinstance(examined, Examined)
        return examined

    return check
