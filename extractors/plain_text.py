"""Bytes to text for the formats that are text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE)
# WHATWG's encoding standard: what calls itself one of these is in fact this
_READ_AS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65536


def decode(data: bytes) -> str:
    """The text; never fails, since Windows-1252 reads anything. What can't be decoded becomes U+FFFD.

    UTF-8 goes before what the file says of itself: pages that call their UTF-8 "iso-8859-1" are common, text that is
    valid UTF-8 by accident is not.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    match = _DECLARED.search(data[:4096])
    name = match[1].decode("ascii").lower() if match else "cp1252"
    name = _READ_AS.get(name, name)
    try:
        codec = codecs.lookup(name)
        # hex, rot13 and the like are no encodings of text
        if codec._is_text_encoding and codec.name not in ("utf-8", "utf-7", "idna", "punycode"):  # noqa: SLF001
            return data.decode(codec.name, "replace")
    except LookupError:
        pass
    return data.decode("cp1252", "replace")


def looks_like_text(data: bytes) -> bool:
    """Whether the beginning of the file is text: no control characters but line ends, tabs and form feeds."""
    sample = data[:_SAMPLE]
    if not sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in sample:
        return False
    return not _CONTROL.search(decode(sample))
