"""What goes wrong by wrong use, as exceptions with a code, a Dutch message and advice; and the exit statuses.

A file that cannot be read is no exception but a result (``extractors.document.ReadError``). No message holds text of a
document: messages end up in logs and in the orchestrator's database.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """Exit statuses of every command: a stable part of the interface. UNREADABLE wins over GAPS."""

    OK = 0
    GAPS = 1
    USAGE = 2
    UNREADABLE = 3
    INTERRUPTED = 130


class DekkendError(Exception):
    """Base of all errors that a person can do something about; subclasses set the class attributes.

    Attributes:
        code: Stable name of the error, for programs and for the documentation.
        message: Dutch, what is the matter; an instance may say it more precisely.
        hint: Dutch, what the reader can do about it.
        exit_status: What a command ends with.
    """

    code: ClassVar[str] = "internal"
    message: str = "Er ging iets mis."
    hint: str = "Draai de opdracht opnieuw met -v en meld wat u ziet."
    exit_status: ClassVar[ExitStatus] = ExitStatus.USAGE

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        self.message = message if message is not None else type(self).message
        self.hint = hint if hint is not None else type(self).hint
        super().__init__(self.message)


class NormError(DekkendError):
    """A norm that does not exist or that is not well formed.

    Args:
        message: One line for each mistake, with file and line number where there is one.
        file: File name of the first mistake, relative to the folder of the norm.
        line: Line of the first mistake, from 1.
        hint: What the reader can do about it.
    """

    code = "norm-invalid"
    message = "De norm klopt niet."
    hint = "Verbeter het normbestand op de genoemde regel. Met 'dekkend norm check' ziet u alles in één keer."

    def __init__(
        self,
        message: str | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line


class UnknownNormError(NormError):
    code = "norm-unknown"
    message = "Deze norm is er niet."
    hint = (
        "Met 'dekkend norm list' ziet u welke normen er zijn; een eigen norm geeft u op als pad naar een .yaml-bestand."
    )


class ConfigError(DekkendError):
    code = "config"
    message = "Het instellingenbestand klopt niet."
    hint = "In docs/operations.md staat een voorbeeld met alle instellingen."
