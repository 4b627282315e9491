"""A form with files as it streams in: every file sealed from its first byte, and no more than may come.

Starlette's own reader of forms lays files over 1 MB on disk as they are; a draft may be about a pupil.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from pipeline.web.vault import Sealed, Sealer

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_OVERHEAD = 256 * 1024  # of a form around its files: names, fields, boundaries
_MOST_FIELD = 10_000  # bytes
_MOST_FIELDS = 20
_MOST_NAME = 120  # characters of a file name
_DRAIN = 4  # times the limit: so much is read and thrown away, so that a browser gets to see why
_NAMELESS = "document"


class Refusal(StrEnum):
    """Why an upload is not taken."""

    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    NO_FILE = "no-file"
    BROKEN = "broken"
    NOT_GENUINE = "not-genuine"


_STATUS: Mapping[Refusal, int] = {Refusal.TOO_LARGE: 413, Refusal.NOT_GENUINE: 403}


class UploadRefusedError(Exception):
    """Nothing of the upload was kept."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.status = _STATUS.get(refusal, 400)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in; ``name`` is for people and never a path."""

    name: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Received:
    fields: Mapping[str, str]
    files: tuple[Upload, ...]

    def drop(self) -> None:
        """Throw the files away."""
        for upload in self.files:
            upload.sealed.drop()


Vouch = Callable[[Mapping[str, str]], bool]
"""Says from the fields that came before the first file whether the form is genuine."""


async def receive(
    request: Request, folder: Path, *, max_bytes: int, max_files: int, vouch: Vouch = lambda _fields: True
) -> Received:
    """Take in a form of ``multipart/form-data``.

    Args:
        request: Whose body was not read yet.
        folder: For the sealed files.
        max_bytes: Of all files together.
        max_files: How many.
        vouch: Asked before any byte of a file is kept; the token of a form stands before its files.

    Raises:
        UploadRefusedError: It is not taken; nothing of it stays.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadRefusedError(Refusal.BROKEN)
    form = _Form(folder, max_bytes=max_bytes, max_files=max_files, vouch=vouch)
    try:
        _refuse_by_length(request, max_bytes)
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in request.stream():
            form.count(len(chunk))
            parser.write(chunk)
        return form.received()
    except (FormParserError, ClientDisconnect, ValueError):
        form.abandon()
        raise UploadRefusedError(Refusal.BROKEN) from None
    except UploadRefusedError as refused:
        form.abandon()
        await _drain(request, max_bytes)
        raise refused from None
    except BaseException:
        form.abandon()
        raise


def clean_name(name: str) -> str:
    """The last part of a name, without what is no sign: a label for people."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    short = plain.strip(" .")
    if len(short) > _MOST_NAME:
        stem, dot, suffix = short.rpartition(".")
        short = f"{stem[: _MOST_NAME - 10]}…{dot}{suffix[:8]}" if stem else short[:_MOST_NAME]
    return short or _NAMELESS


def _refuse_by_length(request: Request, max_bytes: int) -> None:
    """What says itself that it is too large need not come in first."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > max_bytes + _OVERHEAD:
        raise UploadRefusedError(Refusal.TOO_LARGE)


async def _drain(request: Request, max_bytes: int) -> None:
    """Let the rest come in: a browser that is still sending does not read what we say."""
    most = _DRAIN * max_bytes
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        return
    with suppress(ClientDisconnect, RuntimeError):  # RuntimeError: the stream was read to its end
        async for chunk in request.stream():
            most -= len(chunk)
            if most < 0:
                return


class _Form:
    """What a form was so far; its methods are called by the parser of the library."""

    def __init__(self, folder: Path, *, max_bytes: int, max_files: int, vouch: Vouch) -> None:
        self._folder, self._max_bytes, self._max_files, self._vouch = folder, max_bytes, max_files, vouch
        self._fields: dict[str, str] = {}
        self._files: list[Upload] = []
        self._bytes = self._seen = 0
        self._ended = False
        self._part()

    def count(self, size: int) -> None:
        """Count what came in, whatever it is."""
        self._seen += size
        if self._seen > self._max_bytes + _OVERHEAD:
            raise UploadRefusedError(Refusal.TOO_LARGE)

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def received(self) -> Received:
        if not self._ended:
            raise UploadRefusedError(Refusal.BROKEN)
        if not self._files:
            raise UploadRefusedError(Refusal.NO_FILE if self._vouch(self._fields) else Refusal.NOT_GENUINE)
        return Received(dict(self._fields), tuple(self._files))

    def abandon(self) -> None:
        if self._sealer is not None:
            self._sealer.abandon()
        Received({}, tuple(self._files)).drop()

    def _part(self) -> None:
        self._sealer: Sealer | None = None
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = bytearray(), bytearray()
        self._name, self._file_name = "", ""
        self._text = bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        if not self._vouch(self._fields):
            raise UploadRefusedError(Refusal.NOT_GENUINE)
        self._file_name = options[b"filename"].decode("utf-8", "replace")
        self._sealer = Sealer(self._folder)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._sealer is None:
            self._text += data[start:end]
            if len(self._text) > _MOST_FIELD:
                raise UploadRefusedError(Refusal.BROKEN)
            return
        self._bytes += end - start
        if self._bytes > self._max_bytes:
            raise UploadRefusedError(Refusal.TOO_LARGE)
        self._sealer.write(data[start:end])

    def _part_end(self) -> None:
        if self._sealer is None:
            self._fields[self._name] = self._text.decode("utf-8", "replace")
            if len(self._fields) > _MOST_FIELDS:
                raise UploadRefusedError(Refusal.BROKEN)
            return
        sealed, self._sealer = self._sealer.close(), None
        if not sealed.size and not self._file_name:  # how a browser sends a field in which nothing was chosen
            sealed.drop()
            return
        self._files.append(Upload(clean_name(self._file_name), sealed))
        if len(self._files) > self._max_files:
            raise UploadRefusedError(Refusal.TOO_MANY)

    def _end(self) -> None:
        self._ended = True
