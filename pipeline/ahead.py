"""A process that reads and scores a document while this one loads the language data: half the wait for one document.

Importing spaCy and compiling a norm's words take a second in which Python can do nothing else; reading a file and
letting the encoder read its passages takes as long. The process also takes the blow of a file that crashes its reader,
hangs it or eats its memory. Batches don't use it: there a pool of warm processes does both (``flows.pool``).
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT, Limits
from extractors.programs import MAX_ADDRESS_SPACE, limit_memory, silence
from pipeline.errors import DekkendError

if TYPE_CHECKING:
    from extractors.archive import Inside
    from pipeline.check.classifier import PassageClassifier, Scores

STANDARD_NORMS: Mapping[str, str] = {"sop": "anb", "schoolgids": "anb", "opp": "opp", "abc": "abc"}
"""The norm that a kind of document is checked by unless another is named (contract, "Command line")."""

_START = "import sys; sys.path[:] = {path!r}; from pipeline.ahead import serve; serve()"


def shown_path(path: Path) -> str:
    """What a report calls a file: the path as given, but never where it lies on this machine."""
    return path.name if path.is_absolute() else str(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    path: Path
    name: str
    inside: Inside
    norm: str | None
    score: bool


class LostError(Exception):
    """The process died or took too long; the code says which."""

    def __init__(self, code: ReadCode) -> None:
        super().__init__(code.value)
        self.code = code


class Ahead:
    """Reads documents one after the other, and scores their passages; a process that dies is replaced.

    Has the two methods of ``PassageClassifier`` that a check needs, so that it can stand in its place.
    """

    def __init__(self, *, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._begun: _Request | None = None
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def begin(self, path: Path, *, name: str, inside: Inside = (), norm: str | None = None, score: bool = True) -> None:
        """Set the process to reading a file and to scoring it by the norm that it will be checked by.

        Does nothing where it has begun with this very file already.

        Args:
            path: The file.
            name: What the report calls it.
            inside: Which file of an archive.
            norm: Id or YAML file; default the norm of the document's kind.
            score: False to read only.
        """
        request = _Request(path=path, name=name, inside=inside, norm=norm, score=score)
        if self._begun == request:
            return
        if self._begun is not None:
            with suppress(LostError):  # nobody asked what came of it
                self.document()
        self._begun = request
        self._send("read", request, self._limits)

    def document(self) -> tuple[Document | ReadError, str | None]:
        """What came of ``begin``: the document and its kind.

        Raises:
            LostError: the process died or took too long.
        """
        self._begun = None
        found: tuple[Document | ReadError, str | None] = self._answer()
        return found

    def read(self, path: Path, *, name: str) -> Document | ReadError:
        """A document that is not scored; one that the process does not survive is a value too."""
        self.begin(path, name=name, score=False)
        try:
            return self.document()[0]
        except LostError as lost:
            return ReadError(source=None, name=name, code=lost.code)

    def score(self, passages: Sequence[tuple[str | None, str]], *, norm: str | None = None) -> list[Scores]:
        """As ``PassageClassifier.score``.

        Raises:
            LostError: the process died or took too long.
            ModelError: a file of the model is missing or damaged.
        """
        self._send("score", list(passages), norm)
        scores: list[Scores] = self._answer()
        return scores

    def hashed_labels(self, passages: Sequence[tuple[str | None, str]]) -> list[dict[str, float]]:
        """As ``PassageClassifier.hashed_labels``, with the same errors as ``score``."""
        self._send("hashed_labels", list(passages))
        labels: list[dict[str, float]] = self._answer()
        return labels

    def _start(self) -> None:
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603  this very Python, with a fixed program
            [sys.executable, "-c", _START.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # warnings of libraries may quote the document
        )
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _send(self, *request: object) -> None:
        if self._process.poll() is not None:
            self._start()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it died just now: the answer tells
            self._process.stdin.write(pickle.dumps(request))
            self._process.stdin.flush()

    def _answer(self) -> Any:
        try:
            answer = self._answers.get(timeout=self._limits.seconds)
        except queue.Empty:
            self._end()
            raise LostError(ReadCode.TIMEOUT) from None
        if answer is None:
            self._end()
            raise LostError(ReadCode.INTERNAL)
        if isinstance(answer, DekkendError):
            raise answer
        return answer


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[Any]) -> None:
    """Take answers in as they come: a process that waits for its reader does not get on with scoring."""
    assert process.stdout is not None
    try:
        while True:
            answers.put(pickle.load(process.stdout))  # noqa: S301  from our own process
    except Exception:  # noqa: BLE001  half an answer of a process that died breaks in many ways
        answers.put(None)


def serve() -> None:
    """What the process does: answer requests from stdin until there are no more."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the other process, and with that the requests
    answers = os.fdopen(os.dup(1), "wb")
    silence(1)  # what is printed would stand among the answers
    limit_memory(MAX_ADDRESS_SPACE)
    loaded: list[PassageClassifier] = []

    def classifier() -> PassageClassifier:
        if not loaded:
            from pipeline.check.classifier import PassageClassifier  # noqa: PLC0415  (not for reading alone)

            loaded.append(PassageClassifier(side_by_side=2))  # the other process waits for it
        return loaded[0]

    def send(answer: object) -> None:
        pickle.dump(answer, answers)
        answers.flush()

    tasks: dict[str, Callable[..., object]] = {
        "score": lambda passages, norm: classifier().score(passages, norm=norm),
        "hashed_labels": lambda passages: classifier().hashed_labels(passages),
    }
    with suppress(EOFError):
        while True:
            what, *arguments = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
            if what == "read":
                _read(*arguments, send=send, classifier=classifier)
                gc.enable()
                continue
            try:
                send(tasks[what](*arguments))
            except DekkendError as problem:
                send(problem)


def _read(
    request: _Request, limits: Limits, *, send: Callable[[object], None], classifier: Callable[[], PassageClassifier]
) -> None:
    from extractors.registry import read_document  # noqa: PLC0415

    document = read_document(request.path, name=request.name, limits=limits, inside=request.inside)
    if not request.score:
        send((document, None))
        return
    from pipeline.check.document_kind import document_kind  # noqa: PLC0415
    from pipeline.check.passages import passages  # noqa: PLC0415

    kind = document_kind(document) if isinstance(document, Document) else None
    send((document, kind))
    chosen = request.norm or STANDARD_NORMS.get(kind or "")
    if isinstance(document, Document) and chosen is not None:
        with suppress(DekkendError):  # who asks for the scores gets to hear it
            classifier().score([p.scored_as for p in passages(document)], norm=chosen)
