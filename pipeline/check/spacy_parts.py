"""The parts of spaCy that are used here, imported without its command line.

``import spacy`` loads the commands that train and fetch models too, with what those need for the network: a third of
the import, which is the longest wait of a check of one document. While spaCy is imported, empty modules stand in their
place; afterwards ``spacy.cli`` can be imported as always.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _without_commands() -> Iterator[None]:
    stand_ins = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info") if "spacy" not in sys.modules}
    for module in stand_ins.values():
        module.__dict__.update(__path__=[], info=None)
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


with _without_commands():
    from spacy.attrs import LOWER
    from spacy.matcher import PhraseMatcher
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

__all__ = ["LOWER", "PhraseMatcher", "Tokenizer", "Vocab"]
