"""The log of a run: lines for people, or one JSON object a line for programs.

Events with counts, codes and the first eight characters of a hash; never a name of a document, and never its text.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO

from pythonjsonlogger.json import JsonFormatter

Form = Literal["text", "json"]


def start_log(form: Form, stream: TextIO = sys.stderr) -> None:
    """Send what dekkend logs to a stream: as JSON everything from INFO, as text what needs attention.

    Prefect sets up logging when it is imported and leaves this logger alone: it has a handler of its own.
    """
    logger = logging.getLogger("dekkend")
    handler = logging.StreamHandler(stream)
    if form == "json":
        handler.setFormatter(JsonFormatter("{asctime}{levelname}{message}", style="{", rename_fields={
            "asctime": "time", "levelname": "level", "message": "event"}))  # fmt: skip
    else:
        handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.INFO if form == "json" else logging.ERROR)
    logger.propagate = False
