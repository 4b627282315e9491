"""What goes wrong when remarks are written back."""

from __future__ import annotations

from pipeline.annotate.remarks import words
from pipeline.errors import DekkendError


class AnnotateError(DekkendError):
    """A file that no remarks can be written into.

    Args:
        problem: Its name in the texts.
        hint: Name of another advice than the usual.
        **facts: What the message is filled with.
    """

    code = "not-annotated"

    def __init__(self, problem: str, *, hint: str | None = None, **facts: str) -> None:
        texts = words()["problems"]
        super().__init__(texts[problem].format(**facts), hint=texts[hint or f"{problem}_hint"])
